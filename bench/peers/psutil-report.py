"""The report that a team would write with psutil: the sections of `devops sysinfo`, one JSON object on stdout.

Written as the psutil documentation teaches it: process_iter() with the wanted attributes only, one shared sample of
250 ms behind every CPU percentage, and what psutil does not know (inodes, cgroups, pressure) read from the system.
psutil's only way to sockets, net_connections(), also looks up their owners; that is about a twentieth of the CPU here.
"""

import json
import os
import socket
import time

import psutil

SAMPLE_SECONDS = 0.25
PSEUDO = {
    "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "mqueue", "hugetlbfs", "debugfs", "tracefs",
    "securityfs", "pstore", "bpf", "configfs", "fusectl", "autofs", "binfmt_misc", "nsfs", "rpc_pipefs", "efivarfs",
}
CGROUP_FILES = {
    "memory_limit": ("memory.max", "memory/memory.limit_in_bytes"),
    "memory_current": ("memory.current", "memory/memory.usage_in_bytes"),
    "memory_stat": ("memory.stat", "memory/memory.stat"),
    "cpu_quota": ("cpu.max", "cpu/cpu.cfs_quota_us"),
    "cpu_stat": ("cpu.stat", "cpu/cpu.stat"),
    "pids_limit": ("pids.max", "pids/pids.max"),
    "pids_current": ("pids.current", "pids/pids.current"),
}


def read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return None


def os_section():
    release = dict(line.split("=", 1) for line in (read("/etc/os-release") or "").splitlines() if "=" in line)
    uname = os.uname()
    boot = psutil.boot_time()
    return {
        "name": release.get("PRETTY_NAME", "").strip('"'),
        "host": uname.nodename,
        "kernel": uname.release,
        "architecture": uname.machine,
        "boot_time": boot,
        "uptime_seconds": time.time() - boot,
        "time_zone": time.tzname[0],
    }


def cgroup_section():
    report = {}
    for name, candidates in CGROUP_FILES.items():
        for candidate in candidates:
            content = read("/sys/fs/cgroup/" + candidate)
            if content is not None:
                report[name] = content
                break
    return report


def disks_section():
    disks = []
    for partition in psutil.disk_partitions(all=True):
        if partition.fstype in PSEUDO:
            continue
        disk = {"mount": partition.mountpoint, "source": partition.device, "fstype": partition.fstype}
        try:
            disk.update(psutil.disk_usage(partition.mountpoint)._asdict())
            inodes = os.statvfs(partition.mountpoint)
            disk.update(inodes=inodes.f_files, inodes_free=inodes.f_ffree)
        except OSError as error:
            disk["error"] = str(error)
        disks.append(disk)
    return disks


def network_section():
    stats = psutil.net_if_stats()
    counters = psutil.net_io_counters(pernic=True)
    interfaces = [
        {
            "name": name,
            "up": stats[name].isup if name in stats else None,
            "mtu": stats[name].mtu if name in stats else None,
            "addresses": [address.address for address in addresses],
            "counters": counters[name]._asdict() if name in counters else None,
        }
        for name, addresses in psutil.net_if_addrs().items()
    ]
    states = {}
    listeners = []
    for connection in psutil.net_connections(kind="inet"):
        if connection.type == socket.SOCK_STREAM:
            states[connection.status] = states.get(connection.status, 0) + 1
        if connection.status == psutil.CONN_LISTEN or (connection.type == socket.SOCK_DGRAM and not connection.raddr):
            listeners.append({"address": connection.laddr.ip, "port": connection.laddr.port})
    return {"interfaces": interfaces, "listeners": listeners, "tcp": states}


def processes_section(processes):
    by_state = {}
    for process in processes:
        by_state[process["status"]] = by_state.get(process["status"], 0) + 1

    def top(key):
        return [
            {
                "pid": process["pid"],
                "parent_pid": process["ppid"],
                "name": process["name"],
                "state": process["status"],
                "user": process["username"],
                "cpu_pct": process["cpu_percent"],
                "resident_bytes": process["memory_info"].rss if process["memory_info"] else None,
                "threads": process["num_threads"],
                "started": process["create_time"],
            }
            for process in sorted(processes, key=key, reverse=True)[:10]
        ]

    return {
        "total": len(processes),
        "states": by_state,
        "threads": sum(process["num_threads"] or 0 for process in processes),
        "top_cpu": top(lambda process: process["cpu_percent"] or 0),
        "top_memory": top(lambda process: process["memory_info"].rss if process["memory_info"] else 0),
    }


def sensors_section():
    return {
        "temperatures": {chip: [entry._asdict() for entry in entries] for chip, entries in psutil.sensors_temperatures().items()},
        "fans": {chip: [entry._asdict() for entry in entries] for chip, entries in psutil.sensors_fans().items()},
    }


def main():
    # First look: psutil keeps it and answers with the difference at the second one.
    psutil.cpu_times_percent(None)
    for process in psutil.process_iter():
        try:
            process.cpu_percent(None)
        except psutil.NoSuchProcess:
            pass
    io_before = psutil.disk_io_counters(perdisk=True)
    time.sleep(SAMPLE_SECONDS)
    io_after = psutil.disk_io_counters(perdisk=True)
    attributes = ["pid", "ppid", "name", "status", "username", "cpu_percent", "memory_info", "num_threads", "create_time"]
    processes = [process.info for process in psutil.process_iter(attributes)]
    report = {
        "os": os_section(),
        "cpu": {
            "cores": psutil.cpu_count(),
            "load": psutil.getloadavg(),
            "modes": psutil.cpu_times_percent(None)._asdict(),
            "seconds": psutil.cpu_times()._asdict(),
            "per_cpu": [times._asdict() for times in psutil.cpu_times(percpu=True)],
            "pressure": read("/proc/pressure/cpu"),
        },
        "memory": {
            **psutil.virtual_memory()._asdict(),
            "swap": psutil.swap_memory()._asdict(),
            "pressure": read("/proc/pressure/memory"),
        },
        "cgroup": cgroup_section(),
        "disks": disks_section(),
        "io": {
            name: {
                **after._asdict(),
                "read_bytes_per_second": (after.read_bytes - io_before[name].read_bytes) / SAMPLE_SECONDS,
                "written_bytes_per_second": (after.write_bytes - io_before[name].write_bytes) / SAMPLE_SECONDS,
            }
            for name, after in io_after.items()
            if name in io_before
        },
        "network": network_section(),
        "processes": processes_section(processes),
        "sensors": sensors_section(),
        "users": [user._asdict() for user in psutil.users()],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
