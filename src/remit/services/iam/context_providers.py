"""Trusted identity propagation of identity providers: what calls say of it, and what is shown.

Source: IAM API reference, ContextProvider and UpdateOpenIDConnectProvider.
"""

import re
from typing import Any

from remit.directory.context_providers import ContextProvider, KeyDefinition
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input

# Single spaces within, and none at the ends.
_KEY = re.compile(r"[\w.:/=+@#-]+( [\w.:/=+@#-]+)*", re.ASCII)
_MEMBERS = ("ContextProvider", "RemoveContextProvider", "IdentityCenterInstanceArn", "RemoveIdentityCenterInstance")


def says_nothing(call: Call[Any]) -> bool:
    """Whether *call* changes nothing of trusted identity propagation."""
    return not any(call.input.get(member) for member in _MEMBERS)


def context_provider(call: Call[Any], current: ContextProvider | None = None) -> ContextProvider | None:
    """Return what an identity provider has after *call*, which had *current* before.

    Raises:
        ServiceError: InvalidInput: the wishes contradict each other, a key has characters that none has, or there is
            to be an association with an IAM Identity Center.
    """
    asked = call.input
    given: shapes.ContextProvider | None = asked.get("ContextProvider")
    removes, instance = bool(asked.get("RemoveContextProvider")), asked.get("IdentityCenterInstanceArn")
    leaves = bool(asked.get("RemoveIdentityCenterInstance"))
    if given is not None and removes:
        raise invalid_input("ContextProvider and RemoveContextProvider cannot be specified together.")
    if instance is not None and leaves:
        raise invalid_input("IdentityCenterInstanceArn and RemoveIdentityCenterInstance cannot be specified together.")
    if "OpenIDConnectProviderArn" in asked and (given is not None or removes) and (instance is not None or leaves):
        raise invalid_input("A request can change the context provider or the IAM Identity Center, but not both.")
    if instance is not None:
        raise invalid_input(f"The IAM Identity Center instance {instance} does not exist.")
    if removes:
        return None
    return current if given is None else _read(given)


def _read(given: shapes.ContextProvider) -> ContextProvider:
    if "SubjectTypeValue" in given and "SubjectTypeSourceKey" in given:
        raise invalid_input("SubjectTypeValue and SubjectTypeSourceKey cannot be specified together.")
    definitions = given.get("KeyDefinitionList", ())
    read = ContextProvider(
        subject=given["SubjectSourceKey"],
        subject_type=given.get("SubjectTypeValue", ""),
        subject_type_source=given.get("SubjectTypeSourceKey", ""),
        keys=tuple(KeyDefinition(one["SourceKey"], one.get("TargetKey", "")) for one in definitions),
    )
    named = [read.subject, read.subject_type_source, *(name for key in read.keys for name in (key.source, key.target))]
    for name in filter(None, named):
        if not _KEY.fullmatch(name):
            raise invalid_input(f"The key {name} is not valid.")
    return read


def context_provider_shape(provider: ContextProvider) -> shapes.ContextProvider:
    """Show what is taken out of tokens and assertions."""
    shape: shapes.ContextProvider = {"SubjectSourceKey": provider.subject}
    if provider.subject_type:
        shape["SubjectTypeValue"] = provider.subject_type
    if provider.subject_type_source:
        shape["SubjectTypeSourceKey"] = provider.subject_type_source
    if provider.keys:
        definitions: list[shapes.ContextProviderKeyDefinition] = []
        for key in provider.keys:
            definition: shapes.ContextProviderKeyDefinition = {"SourceKey": key.source}
            if key.target:
                definition["TargetKey"] = key.target
            definitions.append(definition)
        shape["KeyDefinitionList"] = definitions
    return shape
