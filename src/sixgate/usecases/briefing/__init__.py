"""What papers say, composed where all rooms can be read: one project, or a batch. Chinese whoever asks: an official paper has one language.

Stands between the rooms, as the demo does: it hands its composers to `planning.papers`, and no room imports it.
"""

from sixgate.usecases.briefing.portfolio import portfolio_contents
from sixgate.usecases.briefing.project import project_contents

__all__ = ["portfolio_contents", "project_contents"]
