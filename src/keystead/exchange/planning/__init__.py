"""From a table and its layout to a plan of records, with every doubt about it."""

from keystead.exchange.planning.building import Source, make_plan
from keystead.exchange.planning.desk import Settings
from keystead.exchange.planning.doubts import Answers, Choice, Doubt, Severity
from keystead.exchange.planning.plans import Plan

__all__ = ["Answers", "Choice", "Doubt", "Plan", "Settings", "Severity", "Source", "make_plan"]
