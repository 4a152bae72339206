"""Setting the scene: things by the names people call them, added through operations."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from keystead.custody import operations as custody
from keystead.exchange.demo.diary import Diary, Hours, Planned
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.kernel.actor import Actor
from keystead.keys import operations as keys
from keystead.keys import rules as key_rules
from keystead.keys.operations import Taggable
from keystead.people import links
from keystead.people import operations as people
from keystead.people.errors import EmailTaken
from keystead.people.roles import Role
from keystead.places import operations as places


@dataclass(frozen=True, slots=True)
class Story:
    """One workspace of the demonstration: what it is called, where it is, and its script."""

    name: str
    zone: str
    hours: Hours
    owner: str
    script: Callable[["Stage"], None]

    def tell(self, diary: Diary, owner_person_id: int) -> None:
        """Set the scene and live through the year."""
        stage = Stage(diary)
        stage.people[self.owner] = owner_person_id
        self.script(stage)
        diary.write()


@dataclass(slots=True)
class Stage:
    """What a workspace has: ids by name. A copy is called `AA·1`, a hook by its number."""

    diary: Diary
    firms: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    spaces: dict[str, int] = field(default_factory=dict)
    doors: dict[str, int] = field(default_factory=dict)
    locks: dict[str, int] = field(default_factory=dict)
    cylinders: dict[str, int] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    hooks: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    rings: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def person(self, name: str, *, firm: str = "", department: str = "", phone: str = "") -> None:
        """Add a person, and the firm if it is new."""
        if firm and firm not in self.firms:
            self.firms[firm] = self.diary.do(partial(people.add_firm, name=firm))
        self.people[name] = self.diary.do(
            partial(
                people.add_person,
                name=name,
                firm_id=self.firms.get(firm),
                department=department,
                phone=phone,
            )
        )

    def sign_in(self, name: str, email: str, role: Role) -> None:
        """Let a person act in the diary. Nobody knows the password."""
        token, password = links.new_token(), people.hashed(links.new_token(), email)
        owner, person_id = self.diary.hand["owner"], self.people[name]
        with suppress(EmailTaken):  # an interrupted load may have got as far as this
            people.invite(
                self.diary.timed(owner), person_id=person_id, role=role, token=token, email=email
            )
        joined = self.diary.do_as_installation(
            partial(people.accept_invitation, token=token, email=email, password_hash=password)
        )
        self.diary.hand[name] = Actor(
            workspace_id=owner.workspace_id, channel="web", account_id=joined.account_id
        )

    def site(self, name: str, *, address: str = "", number: str = "") -> None:
        """Add a site; what is added next stands on it."""
        self.sites[name] = self.diary.do(
            partial(places.add_site, name=name, address=address, number=number)
        )

    def space(self, site: str, name: str, kind: str = "room", *, inside: str = "") -> None:
        """Add a space to a site, inside another space or directly on the site."""
        self.spaces[name] = self.diary.do(
            partial(
                places.add_space,
                site_id=self.sites[site],
                name=name,
                kind=kind,
                parent_id=self.spaces.get(inside),
            )
        )

    def door(
        self,
        site: str,
        name: str,
        *,
        to: str = "",
        frm: str = "",
        kind: str = "door",
        number: str = "",
        lock: str = "mechanical",
    ) -> None:
        """Add an access point with one lock, from outside unless `frm` says otherwise."""
        self.doors[name] = self.diary.do(
            partial(
                places.add_access_point,
                site_id=self.sites[site],
                name=name,
                kind=kind,
                number=number,
                leads_from_id=self.spaces.get(frm),
                leads_to_id=self.spaces.get(to),
            )
        )
        self.locks[name] = self.diary.do(
            partial(hardware.add_lock, name=name, kind=lock, access_point_id=self.doors[name])
        )

    def cylinder(self, number: str, door: str, *, is_listed_only: bool = False) -> None:
        """Put a new cylinder into the lock of a door."""
        self.cylinders[number] = self.diary.do(
            partial(hardware.add_cylinder, number=number, is_listed_only=is_listed_only)
        )
        self.diary.do(
            partial(
                hardware.fit_cylinder,
                lock_id=self.locks[door],
                cylinder_id=self.cylinders[number],
            )
        )

    def box(self, site: str, name: str, kind: str, *, space: str, hooks: int = 0) -> None:
        """Add a container with so many hooks."""
        self.boxes[name] = self.diary.do(
            partial(
                hardware.add_container,
                site_id=self.sites[site],
                name=name,
                kind=kind,
                space_id=self.spaces[space],
                positions=hooks,
            )
        )
        here = hardware_queries.positions(self.diary.hand["owner"], self.boxes[name])
        self.hooks[name] = [hook.id for hook in here]

    def lock_on_box(self, box: str, kind: str = "mechanical") -> None:
        """Put a lock on a container."""
        self.locks[box] = self.diary.do(
            partial(hardware.add_lock, name=box, kind=kind, container_id=self.boxes[box])
        )

    def code(self, lock: str, name: str, *, known_by: Sequence[str]) -> None:
        """Record that a lock has a code, and who knows it. Its value stays out of the register."""
        self.codes[name] = self.diary.do(
            partial(hardware.record_code, lock_id=self.locks[lock], name=name)
        )
        for person in known_by:
            self.diary.do(
                partial(
                    hardware.note_code_told,
                    code_id=self.codes[name],
                    person_id=self.people[person],
                )
            )

    def key(
        self,
        label: str,
        name: str = "",
        *,
        kind: str = "metal",
        system: int | None = None,
        under: str = "",
        opens: Sequence[str] = (),
    ) -> None:
        """Add a key by its symbol (or only a name), and the cylinders it opens."""
        self.keys[label] = self.diary.do(
            partial(
                keys.add_key,
                symbol=label if name else "",
                name=name or label,
                kind=kind,
                system_id=system,
                parent_id=self.keys.get(under),
            )
        )
        for number in opens:
            self.diary.do(
                partial(
                    keys.note_key_opens,
                    key_id=self.keys[label],
                    cylinder_id=self.cylinders[number],
                )
            )

    def cut(self, key: str, count: int = 1, *, box: str = "", hook: int | None = None) -> None:
        """Cut copies of a key into stock, into a container, or one onto its hook."""
        at_hook = self.hooks[box][hook - 1] if hook else None
        made = self.diary.do(
            partial(
                custody.cut_copies,
                key_id=self.keys[key],
                count=count,
                container_id=self.boxes.get(box),
                position_id=at_hook,
            )
        )
        first = sum(1 for label in self.copies if label.startswith(f"{key}·")) + 1
        for number, copy_id in enumerate(made, first):
            self.copies[key_rules.copy_label(key, number)] = copy_id

    def ring(
        self, name: str, copies: Sequence[str], *, box: str, hook: int, seal: str = ""
    ) -> None:
        """Put copies on a ring that belongs on a hook, and hang it there."""
        home = {"home_container_id": self.boxes[box], "home_position_id": self.hooks[box][hook - 1]}
        self.rings[name] = self.diary.do(
            partial(
                keys.add_ring,
                name=name,
                copy_ids=[self.copies[label] for label in copies],
                seal_number=seal,
                **home,
            )
        )
        self.diary.do(
            partial(
                custody.move_copies,
                ring_ids=[self.rings[name]],
                container_id=self.boxes[box],
                position_id=self.hooks[box][hook - 1],
            )
        )

    def tag(self, kind: Taggable, thing_id: int) -> None:
        """Put a printed tag on a thing."""
        text = f"KS-{self.diary.chance.getrandbits(40):010X}"
        self.diary.do(partial(keys.attach_tag, text=text, kind=kind, thing_id=thing_id))

    def entrust(self, copy: str, person: str, purpose: str = "", *, review_on: date) -> None:
        """Give a copy to somebody for good, to be reviewed on a day."""
        self.diary.do(
            partial(
                custody.check_out,
                copy_ids=[self.copies[copy]],
                person_id=self.people[person],
                review_on=review_on,
                purpose=purpose or None,
            )
        )

    def lend(
        self,
        start: datetime,
        person: str,
        copies: Sequence[str] = (),
        *,
        ring: str = "",
        due: datetime,
        purpose: str = "",
        by: str = "owner",
    ) -> "Planned[custody.CheckedOut]":
        """Plan to hand copies or a ring to somebody until a time."""
        act = partial(
            custody.check_out,
            copy_ids=[self.copies[label] for label in copies],
            ring_ids=[self.rings[ring]] if ring else [],
            person_id=self.people[person],
            due_at=due,
            purpose=purpose or None,
        )
        return self.diary.plan(start, act, by=by)

    def take_back(
        self,
        at: datetime,
        copies: Sequence[str] = (),
        *,
        ring: str = "",
        brought_by: str = "",
        note: str = "",
        seal: str = "",
        box: str = "",
        by: str = "owner",
    ) -> None:
        """Plan that copies or a ring come back."""
        act = partial(
            custody.return_copies,
            copy_ids=[self.copies[label] for label in copies],
            ring_ids=[self.rings[ring]] if ring else [],
            returned_by_id=self.people[brought_by] if brought_by else None,
            container_id=self.boxes[box] if box else None,
            note=note or None,
            seal_number=seal or None,
        )
        self.diary.plan(at, act, by=by)
