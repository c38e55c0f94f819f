"""Labs as people write them: one YAML file each; page `learning` of the documentation is about their form.

What a learner has is the lab with their parameters in it. Until then members that parameters may shape are plain data.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec

from remit.compliance.learning.grading.criteria import Criterion
from remit.compliance.learning.parameters import Parameter, ParameterUnknown, draw, fill
from remit.content_files import ContentMistake, yaml_of
from remit.directory.organizations.descriptions import Description
from remit.directory.snapshots import Snapshot

_FOLDER = Path(__file__).parent / "labs"
MANAGEMENT = "management"
# The learner's way in: a user of the management account, and a role of every other one.
LEARNER, ACCESS_ROLE = "learner", "OrganizationAccountAccessRole"
COURSES: Mapping[str, str] = {
    "A1": "Cloud and responsibility",
    "A2": "Identity",
    "A3": "Organizations",
    "A4": "Evidence",
    "A5": "Audit",
}
EXAM = "EXAM"

LabId = Annotated[str, msgspec.Meta(pattern=r"^(A[1-5]-[1-9]|EXAM)$")]
Count = Annotated[int, msgspec.Meta(ge=1)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of a lab is."""


class Happened(_Part, frozen=True, kw_only=True):
    """What the trail shows of the time before the lab.

    Attributes:
        who: `user/NAME`, `role/NAME` or `root`.
        call: `iam:GetUser`.
        days: how long ago, both ends included; the times are spread over them.
        error: code of the error; empty when all went well.
    """

    account: str
    who: str
    call: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+:[A-Za-z0-9]+$")]
    days: tuple[int, int] = (1, 60)
    times: Count = 1
    error: str = ""
    request: dict[str, Any] = {}
    is_read: bool = True


class Founding(_Part, frozen=True, kw_only=True):
    """What there is when the lab begins.

    Attributes:
        accounts: names of the member accounts, beside the one that is called `management`.
        organization: in the form of `remit org import`; without accounts in it all are in the root.
        identities: name of an account -> what `remit import` takes.
        keys: who has an access key: `ACCOUNT/user/NAME` or `ACCOUNT/root` -> how many days old it is.
        maker: of a tenant that is not written down but made; empty for none.
        profiles: name of a further profile for AWS tools -> the role that it assumes, `ACCOUNT/role/NAME`.
        agreements: whether agreements are needed that can be accepted for an organization.
    """

    accounts: list[str] = []
    organization: Description = Description()
    identities: dict[str, Snapshot] = {}
    keys: dict[str, int] = {}
    trail: list[Happened] = []
    maker: str = ""
    profiles: dict[str, str] = {}
    agreements: bool = False


class Lab(_Part, frozen=True, kw_only=True):
    """A lab with a learner's parameters in it.

    Attributes:
        minutes: that it takes about; of the exam, that there are.
        exhibits: name of a file -> its text.
        made: name of a file, or of a folder -> who makes it.
        answers: what `answers.yaml` holds before the learner has written into it; empty where nothing is asked.
        hints: for `remit learn hint`, one after another.
    """

    id: LabId
    title: str
    minutes: Count
    task: str
    founding: Founding = Founding()
    exhibits: dict[str, str] = {}
    made: dict[str, str] = {}
    answers: dict[str, Any] = {}
    hints: list[str] = []
    criteria: Annotated[list[Criterion], msgspec.Meta(min_length=1)]

    @property
    def course(self) -> str:
        """The course that it belongs to; of the exam, itself."""
        return course_of(self.id)


class Written(msgspec.Struct, frozen=True):
    """A lab as it was written, for any learner.

    Attributes:
        plain: its members, parameters not yet put in.
    """

    file: str
    id: str
    title: str
    minutes: int
    accounts: tuple[str, ...]
    parameters: dict[str, Parameter]
    plain: dict[str, Any]

    @property
    def course(self) -> str:
        """The course that it belongs to; of the exam, itself."""
        return course_of(self.id)

    def for_learner(self, seed: str, accounts: Mapping[str, str]) -> Lab:
        """Return the lab with the parameters of a seed in it.

        Args:
            accounts: name -> id, of every account of the lab.

        Raises:
            ContentMistake: the lab is not as it must be.
        """
        return self.lab_of(self.drawn(seed, accounts))

    def drawn(self, seed: str, accounts: Mapping[str, str]) -> dict[str, Any]:
        """Return the parameters of a seed."""
        return draw(self.parameters, seed, {"account": dict(accounts), "seed": seed, "mark": mark(seed)})

    def lab_of(self, drawn: Mapping[str, Any]) -> Lab:
        """Return the lab with parameters in it.

        Raises:
            ContentMistake: the lab is not as it must be.
        """
        try:
            return msgspec.convert(fill(self.plain, drawn), Lab, strict=False)
        except (msgspec.ValidationError, ParameterUnknown) as error:
            raise ContentMistake(self.file, 1, str(error), "compare it with `docs/learning.md`") from None


def mark(seed: str) -> str:
    """Return what names of this attempt are told apart by: eight digits of the seed."""
    return seed[:8]


def read_lab(path: Path) -> Written:
    """Read a lab's file.

    Raises:
        ContentMistake: it is no YAML, or has no form that parameters could mend.
    """
    located = yaml_of(path)
    plain = located.as_form(dict[str, Any])
    try:
        head = msgspec.convert(plain, _Head)
    except msgspec.ValidationError:
        head = located.as_form(_Head)  # which says where
    parameters = msgspec.convert(plain.pop("parameters", {}), dict[str, Parameter])
    return Written(
        file=path.name,
        id=head.id,
        title=head.title,
        minutes=head.minutes,
        accounts=(MANAGEMENT, *head.founding.accounts),
        parameters=parameters,
        plain=plain,
    )


class _HeadFounding(msgspec.Struct, frozen=True):
    accounts: list[str] = []


class _Head(msgspec.Struct, frozen=True):
    """What is known of a lab before it has parameters."""

    id: LabId
    title: str
    minutes: int
    parameters: dict[str, Parameter] = {}
    founding: _HeadFounding = _HeadFounding()


@cache
def lab_ids() -> tuple[str, ...]:
    """Return the ids of all labs, in the order of the courses; the exam is last."""
    found = ["-".join(path.stem.split("-")[:2]) for path in _FOLDER.glob("*.yaml")]
    return tuple(sorted(found, key=lambda id_: (id_ == EXAM, id_)))


@cache
def lab(id_: str) -> Written:
    """Read a lab.

    Raises:
        ContentMistake: it is not as it must be.
        LookupError: there is none.
    """
    if id_ not in lab_ids():
        raise LookupError(f"no lab `{id_}`")
    (path,) = [path for path in _FOLDER.glob("*.yaml") if path.stem == id_ or path.stem.startswith(f"{id_}-")]
    found = read_lab(path)
    if found.id != id_:
        raise ContentMistake(path.name, 1, f"a lab `{found.id}`", "begin the file's name with the id")
    return found


def course_of(id_: str) -> str:
    """Return the course of a lab, by its id; of the exam, itself."""
    return id_.partition("-")[0]


def labs() -> dict[str, Written]:
    """Read every lab, in their order; it takes a second, so ask for one where one is meant.

    Raises:
        ContentMistake: one is not as it must be.
    """
    return {id_: lab(id_) for id_ in lab_ids()}
