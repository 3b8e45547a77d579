"""When the demo's CronJobs last ran."""

from datetime import datetime, timedelta

from k8snb.sources.demo.seeds import NOW


def last_runs(schedule: str, count: int) -> list[datetime]:
    """Give the last runs before the recording, oldest first.

    Args:
        schedule: Five cron fields; minute a number, hour a number or `*/n`, day and month `*`, weekday a number or `*`.
        count: How many.
    """
    minute, hour, _, _, weekday = schedule.split()
    hours = range(0, 24, int(hour[2:])) if hour.startswith("*/") else [int(hour)]
    days = (NOW.replace(hour=0, minute=0) - timedelta(days=back) for back in range(7 * (count + 1)))
    runs = [
        day + timedelta(hours=one, minutes=int(minute))
        for day in days
        if weekday in {"*", str(day.isoweekday() % 7)}
        for one in hours
    ]
    return sorted(run for run in runs if run <= NOW)[-count:]
