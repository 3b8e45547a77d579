"""Jobs and CronJobs."""

from datetime import datetime, timedelta
from typing import Any

from k8snb.sources.demo import defaults, metadata
from k8snb.sources.demo.children import child, clone, key, uid_of
from k8snb.sources.demo.pods import Pods
from k8snb.sources.demo.schedule import last_runs
from k8snb.sources.demo.seeds import number, parse, stamp, suffix

Json = dict[str, Any]


def job(one: Json, pods: Pods) -> list[Json]:
    """Run a Job: its pods have all succeeded."""
    since = metadata.created(one)
    done = stamp(parse(since) + timedelta(seconds=45 + number(300, "ran", *key(one))))
    name, template, identity = one["metadata"]["name"], one["spec"]["template"], uid_of(one)
    labels = {"batch.kubernetes.io/controller-uid": identity, "batch.kubernetes.io/job-name": name}
    labels |= {"controller-uid": identity, "job-name": name}
    template["metadata"]["labels"] = template["metadata"].get("labels", {}) | labels
    one["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": identity}}
    for index in range(one["spec"]["completions"]):
        meta = child(one, f"{name}-{suffix(5, *key(one), index)}", {}, template) | {"generateName": f"{name}-"}
        pods.make(meta, template["spec"], since, finished=done)
    one["metadata"]["generation"] = 1
    one["status"] = _job_status(one, since, done)
    return []


def _job_status(one: Json, since: str, done: str) -> Json:
    condition = {"type": "Complete", "status": "True", "reason": "CompletionsReached", "lastProbeTime": done}
    condition |= {"lastTransitionTime": done, "message": "Reached expected number of succeeded pods"}
    met = condition | {"type": "SuccessCriteriaMet"}
    counts = {"succeeded": one["spec"]["completions"], "ready": 0, "terminating": 0, "uncountedTerminatedPods": {}}
    return counts | {"conditions": [met, condition], "startTime": since, "completionTime": done}


def cron_job(one: Json, pods: Pods) -> list[Json]:
    """Run a CronJob: give the Jobs that its history keeps."""
    one["metadata"]["generation"] = 1
    spec = one["spec"]
    runs = [] if spec["suspend"] else last_runs(spec["schedule"], spec["successfulJobsHistoryLimit"])
    jobs = [_scheduled(one, when, pods) for when in runs]
    one["status"] = {"lastScheduleTime": stamp(runs[-1])} if runs else {}
    if jobs:
        one["status"]["lastSuccessfulTime"] = jobs[-1]["status"]["completionTime"]
    return jobs


def _scheduled(one: Json, when: datetime, pods: Pods) -> Json:
    template = clone(one["spec"]["jobTemplate"])
    meta = child(one, f"{one['metadata']['name']}-{int(when.timestamp()) // 60}", {}, template)
    if not meta["labels"]:
        del meta["labels"]
    meta["creationTimestamp"] = stamp(when)
    meta["annotations"] = {"batch.kubernetes.io/cronjob-scheduled-timestamp": stamp(when)}
    made: Json = {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": template["spec"]}
    defaults.apply(made)
    job(made, pods)
    return made
