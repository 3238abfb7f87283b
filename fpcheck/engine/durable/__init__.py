"""The durable-rules engine inside its fence: a second opinion on every form, never the verdict itself.

Rows go to a worker process as flat facts, their figures and texts worked out beforehand; the engine compares,
multiplies, joins the answers of a rule's lines, chains conclusions. Nothing outside this package knows how.
"""

from fpcheck.engine.durable.opinion import Durable

__all__ = ["Durable"]
