import pytest

from remit.compliance.exports.oscal import PlanUnreadable, broken_links


def plan(*parts, control="ac-2", statement=""):
    requirement = {"control-id": control, "by-components": list(parts)}
    if statement:
        requirement = {
            "control-id": control,
            "statements": [{"statement-id": statement, "by-components": list(parts)}],
        }
    return {"system-security-plan": {"control-implementation": {"implemented-requirements": [requirement]}}}


def provider(*provided, asked=(), **more):
    return plan(
        {
            "export": {
                "provided": [{"uuid": uuid} for uuid in provided],
                "responsibilities": [{"uuid": uuid} for uuid in asked],
            }
        },
        **more,
    )


def customer(*, inherited=(), satisfied=()):
    return plan(
        {
            "inherited": [{"uuid": "i", "provided-uuid": uuid} for uuid in inherited],
            "satisfied": [{"uuid": "s", "responsibility-uuid": uuid} for uuid in satisfied],
        }
    )


def test_a_pair_in_which_everything_leads_somewhere_is_whole():
    assert broken_links(provider("p", asked=["r"]), customer(inherited=["p"], satisfied=["r"])) == []


def test_the_fault_of_nists_example_pair_is_one_dangling_and_one_unmet():
    # The entry that should satisfy the responsibility points to what is provided beside it.
    published = provider(
        "11111111-0000-4000-9009-002001001001",
        asked=["11111111-0000-4000-9009-002001001002"],
        statement="ac-2_stmt.a",
    )
    leveraging = customer(satisfied=["11111111-0000-4000-9009-002001001001"])

    found = broken_links(published, leveraging)

    assert [(one.trouble, one.uuid[-4:]) for one in found] == [("dangling", "1001"), ("unmet", "1002")]
    assert "which is a provided entry of the provider" in found[0].message


@pytest.mark.parametrize(
    ("one", "other", "troubles"),
    [
        (provider("p"), customer(inherited=["x"]), ["dangling"]),
        (provider(asked=["r"]), customer(inherited=["r"], satisfied=["r"]), ["dangling"]),
        (provider(asked=["r", "q"]), customer(satisfied=["r"]), ["unmet"]),
        (provider("p", asked=["r"]), plan(), ["unmet"]),
        (provider("p"), plan({"satisfied": [{"uuid": "s"}]}), []),
    ],
)
def test_each_broken_link_is_found(one, other, troubles):
    assert [broken.trouble for broken in broken_links(one, other)] == troubles


@pytest.mark.parametrize("document", [{}, [], None, {"catalog": {}}, {"system-security-plan": {}}])
def test_what_is_no_plan_is_refused(document):
    with pytest.raises(PlanUnreadable, match="the provider's document is no system security plan"):
        broken_links(document, plan())
    with pytest.raises(PlanUnreadable, match="the customer's"):
        broken_links(plan(), document)
