"""Invented people: names, and numbers that are valid in form but belong to nobody."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.demo.draws import day_between

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅志建国文博雅婷浩宇欣怡子轩梓涵晨曦"
# No area code of an identity card begins with 99, and no operator uses the numbers from 16100.
_ID_AREA = "990101"
_PHONE_BLOCK = "16100"
_CARD_BLOCK = "990001"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_BIRTHS = {
    "老年人": (date(1938, 1, 1), date(1963, 12, 31)),
    "青少年": (date(2008, 1, 1), date(2012, 12, 31)),
}
_USUAL_BIRTHS = (date(1964, 1, 1), date(2004, 12, 31))


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    title: str
    identity_number: str
    phone: str
    email: str

    @property
    def polite_name(self) -> str:
        """Surname and title, as handlers write it."""
        return f"{self.name[0]}{self.title}"


def person(rng: Random, special_group: str | None = None) -> Person:
    """An invented person of an age that fits the special group."""
    born = day_between(rng, *_BIRTHS.get(special_group or "", _USUAL_BIRTHS))
    phone = f"{_PHONE_BLOCK}{rng.randint(0, 999_999):06d}"
    return Person(
        name=person_name(rng),
        title=rng.choice(("女士", "先生")),
        identity_number=_identity_number(rng, born),
        phone=phone,
        email=f"user{rng.randint(1000, 9999)}@example.com",
    )


def person_name(rng: Random) -> str:
    """A Chinese name put together at random."""
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))


def card_number(rng: Random) -> str:
    """A 19-digit card number with a valid check digit, from a block that no bank issues."""
    body = _CARD_BLOCK + "".join(rng.choices("0123456789", k=12))
    doubled = [int(digit) * (2 - n % 2) for n, digit in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _identity_number(rng: Random, born: date) -> str:
    body = f"{_ID_AREA}{born:%Y%m%d}{rng.randint(1, 999):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECKS[total % 11]
