"""What an indicator does with the rows it counts, as plain data."""

from dataclasses import dataclass

import polars as pl

# A condition that holds for every row of a pool.
EVERY_ROW = pl.col("is_in_pool")


@dataclass(frozen=True)
class Pool:
    """Rows that can be counted, the column with the day that dates them, and who brings them."""

    entity: str
    rows: pl.DataFrame
    day: str


@dataclass(frozen=True)
class Count:
    """How many rows meet a condition, or the sum of an amount over all of them."""

    pool: Pool
    what: pl.Expr


@dataclass(frozen=True)
class Known:
    """As a count, but unknown where no row tells what it needs."""

    pool: Pool
    what: pl.Expr
    told: pl.Expr


@dataclass(frozen=True)
class Share:
    """So many of a hundred."""

    pool: Pool
    part: pl.Expr
    whole: pl.Expr


@dataclass(frozen=True)
class Mean:
    """An amount per case."""

    pool: Pool
    amount: pl.Expr
    cases: pl.Expr


@dataclass(frozen=True)
class Quantile:
    """The amount that a share of the cases does not exceed, linear between neighbours."""

    pool: Pool
    amount: pl.Expr
    share: float


@dataclass(frozen=True)
class Stock:
    """How much is there at the end of a day: begun on it or before, and not yet over."""

    pool: Pool
    begins: str
    ends: str
    amount: pl.Expr


@dataclass(frozen=True)
class Distinct:
    """How many different ones a condition holds for."""

    pool: Pool
    key: pl.Expr
    counted: pl.Expr


@dataclass(frozen=True)
class Coverage:
    """Different ones in a hundred of the organisations' base."""

    pool: Pool
    key: pl.Expr
    counted: pl.Expr
    base: str
    per: float = 100


@dataclass(frozen=True)
class Rate:
    """Rows per so many of the organisations' base."""

    pool: Pool
    base: str
    per: float


Measure = Count | Known | Share | Mean | Quantile | Stock | Distinct | Coverage | Rate
