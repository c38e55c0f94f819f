"""The table of reads, held to the models that SDKs are made of."""

import botocore.session
import pytest

from remit.compliance.checks import CHECKS
from remit.compliance.checks.check import Each, Several
from remit.compliance.snapshots import READS

SESSION = botocore.session.get_session()
MODELS = {}
KINDS = [kind for kinds in READS.values() for kind in kinds]


def model(service):
    if service not in MODELS:
        MODELS[service] = SESSION.get_service_model(service)
    return MODELS[service]


def operation(kind):
    return model(kind.service).operation_model(kind.operation)


def walked(shape, path):
    """Return the shape of the things that *path* leads to, or say where it goes astray."""
    for step in path.split(".") if path else ():
        shape = shape.members[step.removesuffix("[]").removesuffix("?")]
        assert shape.type_name == "list", step
        shape = shape.member
    return shape


def member(shape, path):
    for step in path.split(".") if path else ():
        shape = shape.members[step]
    return shape


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_read_is_an_operation_with_these_parameters(kind):
    asked = operation(kind).input_shape
    given = {*kind.fixed, *(kind.follows.params if kind.follows else ()), *(kind.follows.keeps if kind.follows else ())}

    # The parameters of what is asked again until it is whole are those of the operation that prepares it.
    if kind.prepared_by:
        service, _, name = kind.prepared_by.partition(":")
        asked = model(service).operation_model(name).input_shape
    assert given <= set(asked.members if asked else ()), kind.name
    assert set(asked.required_members if asked and not (kind.prepared_by or kind.is_made) else ()) <= given, kind.name


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.follows], ids=lambda kind: kind.name)
def test_what_a_read_follows_has_the_members_that_it_needs(kind):
    for listing in READS[kind.follows.read]:
        things = walked(operation(listing).output_shape, kind.follows.path)
        for path in (*kind.follows.params.values(), *kind.follows.where):
            member(things, path.replace("?", ""))
        told, name = kind.follows.told
        if told:
            member(walked(operation(listing).output_shape, told), name)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.absent], ids=lambda kind: kind.name)
def test_what_says_that_there_is_none_is_an_error_of_the_service(kind):
    """Only services whose models have all their errors; S3 and EC2 leave most of theirs out."""
    if kind.service in {"s3", "s3control", "ec2"}:
        pytest.skip("the model has no such errors")

    known = {
        name
        for error in operation(kind).error_shapes
        for name in (error.name, error.metadata.get("error", {}).get("code", error.name))
    }

    assert set(kind.absent) <= known


def lists(check):
    return check.each.lists if isinstance(check.each, Several) else (check.each,)


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_what_a_check_lists_is_there(check):
    assert check.reads <= set(READS)
    for each in lists(check):
        if isinstance(each, Each):
            things = walked(operation(READS[each.read][0]).output_shape, each.path)
            if "{" not in each.name:
                member(things, each.name)
