"""Runs steps through boto3 and prints what boto3 makes of each answer, one JSON document for all.

Standard input: {"endpoint": ..., "region": ..., "steps": [{"service", "operation", "arguments", "pages"?, "save"?}]}.
"query"?
(JMESPath, what of the answer is told). A step with "pages" goes through boto3's own paginator, whose pages are joined. What "save" names ({"ID": "Instances[0]
.InstanceId"}) is put in the place of "$ID" in later arguments. An error is told as its code, message and HTTP status.
Keys come from the environment.
"""

import json
import re
import sys

import boto3
import jmespath
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

request = json.load(sys.stdin)
settings = Config(retries={"max_attempts": 0}, connect_timeout=10, read_timeout=30)
clients = {}
saved = {}


def client(service):
    if service not in clients:
        clients[service] = boto3.client(
            service, endpoint_url=request["endpoint"], region_name=request["region"], config=settings
        )
    return clients[service]


def filled(value):
    if isinstance(value, str):
        return re.sub(r"\$([A-Z0-9]+)", lambda match: saved[match.group(1)], value)
    if isinstance(value, list):
        return [filled(entry) for entry in value]
    if isinstance(value, dict):
        return {key: filled(entry) for key, entry in value.items()}
    return value


def answer(step):
    arguments = filled(step.get("arguments", {}))
    try:
        if step.get("pages"):
            paginator = client(step["service"]).get_paginator(step["operation"])
            pages = list(paginator.paginate(**arguments))
            return {"pages": len(pages), "result": paginator.paginate(**arguments).build_full_result()}
        result = getattr(client(step["service"]), step["operation"])(**arguments)
        result.pop("ResponseMetadata")
        for name, path in step.get("save", {}).items():
            saved[name] = jmespath.search(path, result)
        return {"result": jmespath.search(step["query"], result) if "query" in step else result}
    except ClientError as error:
        told = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"code": told["Code"], "message": told["Message"], "status": status}}
    except (BotoCoreError, ResponseParserError) as error:
        return {"error": {"code": type(error).__name__, "message": "", "status": 0}}


json.dump([answer(step) for step in request["steps"]], sys.stdout, default=lambda time: time.isoformat())
