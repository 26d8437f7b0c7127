"""Angles from which any question can be answered, most likely first."""

from __future__ import annotations

ANGLES: tuple[str, ...] = (
    "A practical take on {topic}: begin with the smallest step that can be checked today.",
    "A balanced view of {topic}: name the main benefit, then the main cost, then decide.",
    "A short history of {topic}: how it began explains most of how it works now.",
    "A beginner's guide to {topic}: learn three terms, try one example, ask one question.",
    "An expert's note on {topic}: the details that look boring are the ones that matter.",
    "A sceptic's view of {topic}: ask first what would show that the usual answer is wrong.",
    "A question back about {topic}: who needs the answer, and what will they do with it?",
    "An everyday example of {topic}: think of a kitchen, where order comes from habit.",
    "A numbers view of {topic}: count before you compare, and compare before you judge.",
    "A long-term view of {topic}: what looks urgent this week may not matter in ten years.",
    "A playful take on {topic}: treat it as a game, and write down the rules you notice.",
    "A cautious take on {topic}: try it where a mistake is cheap.",
    "A contrarian take on {topic}: do the opposite for a week and see what breaks.",
    "A teacher's take on {topic}: explain it to someone younger and keep what survives.",
    "A designer's take on {topic}: remove one thing, then look again.",
    "An economist's take on {topic}: follow who pays, and when.",
    "A local view of {topic}: the answer in your street is not the answer on the news.",
    "A storyteller's take on {topic}: somebody wants something, and something is in the way.",
    "A minimal answer on {topic}: do less of it, but every day.",
    "A gardener's view of {topic}: most of the work is waiting at the right time.",
    "A view of {topic} from the other side: describe it in the words of those who dislike it.",
    "A checklist for {topic}: purpose, people, means, limits, and a date to look back.",
    "An artist's take on {topic}: paint the space around it.",
    "A child's question about {topic}: what happens if nobody does anything?",
    "A maintainer's view of {topic}: whoever keeps it running knows what it really is.",
    "A night-time thought on {topic}: the part you avoid is the part to write about.",
)
