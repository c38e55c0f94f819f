"""When Lambda stops patching each runtime.

Source: Lambda Developer Guide, "Lambda runtimes", supported and deprecated ones, as of August 2026; AWS has moved dates
before, mostly to later. A runtime that is not here is one of which nothing is known.
"""

from collections.abc import Mapping
from datetime import date

RUNTIMES: Mapping[str, date] = {
    name: date.fromisoformat(day)
    for day, names in {
        "2016-10-31": "nodejs",
        "2019-05-30": "dotnetcore2.0",
        "2019-07-27": "dotnetcore1.0",
        "2019-08-12": "nodejs6.10",
        "2020-03-05": "nodejs4.3 nodejs4.3-edge",
        "2020-03-06": "nodejs8.10",
        "2021-07-15": "python2.7",
        "2021-07-30": "nodejs10.x ruby2.5",
        "2022-01-05": "dotnetcore2.1",
        "2022-07-18": "python3.6",
        "2023-03-31": "nodejs12.x",
        "2023-04-03": "dotnetcore3.1",
        "2023-12-04": "nodejs14.x python3.7",
        "2023-12-07": "ruby2.7",
        "2024-01-08": "go1.x java8 provided",
        "2024-06-12": "nodejs16.x",
        "2024-10-14": "python3.8",
        "2024-12-20": "dotnet6",
        "2025-09-01": "nodejs18.x",
        "2025-12-15": "python3.9",
        "2026-03-31": "ruby3.2",
        "2026-04-30": "nodejs20.x",
        "2026-07-31": "provided.al2",
        "2026-10-31": "python3.10",
        "2026-11-10": "dotnet8",
        "2027-03-31": "ruby3.3",
        "2027-04-30": "nodejs22.x",
        "2027-06-30": "java8.al2 java11 java17 python3.11",
        "2028-03-31": "ruby3.4",
        "2028-04-30": "nodejs24.x",
        "2028-10-31": "python3.12",
        "2028-11-14": "dotnet10",
        "2029-06-30": "java21 java25 provided.al2023 python3.13 python3.14",
    }.items()
    for name in names.split()
}
