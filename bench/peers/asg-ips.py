"""Prints the private addresses of the running instances of an autoscaling group, as people write it with boto3."""

import sys

import boto3

ec2 = boto3.client("ec2")
pages = ec2.get_paginator("describe_instances").paginate(
    Filters=[
        {"Name": "tag:aws:autoscaling:groupName", "Values": [sys.argv[1]]},
        {"Name": "instance-state-name", "Values": ["running"]},
    ],
    PaginationConfig={"PageSize": 1000},
)
for page in pages:
    for reservation in page["Reservations"]:
        for instance in reservation["Instances"]:
            print(instance["PrivateIpAddress"])
