"""Reads OSCAL documents of a folder with compliance-trestle; prints a line for each. Run by its own interpreter."""

import sys
from pathlib import Path

from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.poam import PlanOfActionAndMilestones
from trestle.oscal.ssp import SystemSecurityPlan

MODELS = {
    "assessment": AssessmentResults,
    "catalog": Catalog,
    "component": ComponentDefinition,
    "poam": PlanOfActionAndMilestones,
    "ssp": SystemSecurityPlan,
}

for path in sorted(Path(sys.argv[1]).glob("*.json")):
    read = MODELS[path.stem.split("-")[0]].oscal_read(path)
    sys.stdout.write(f"{path.name} {read.metadata.title}\n")
