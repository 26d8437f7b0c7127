"""The journal of a run that goes on where it stopped, for whoever pays for calls and keeps them."""

from vs_core.journal.claim import alone_in
from vs_core.journal.file import JOURNAL, Journal
from vs_core.journal.index import PromptIndex
from vs_core.journal.record import JournalRecord

__all__ = ["JOURNAL", "Journal", "JournalRecord", "PromptIndex", "alone_in"]
