"""Days as numbers: those since 1970-01-01."""

import datetime

EPOCH = datetime.date(1970, 1, 1)


def day_number(text):
    return (datetime.date.fromisoformat(text[:10]) - EPOCH).days


def day_text(number):
    return (EPOCH + datetime.timedelta(days=number)).isoformat()


def quarters_between(first, last):
    """Returns the numbers of the days within on which quarters begin."""
    return [
        day
        for day in range(first, last + 1)
        if (EPOCH + datetime.timedelta(days=day)).strftime("%m-%d") in {"01-01", "04-01", "07-01", "10-01"}
    ]
