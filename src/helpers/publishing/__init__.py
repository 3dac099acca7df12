"""What goes out beside the pages: the figures and tables as open data that outsiders can check without us."""

from helpers.publishing.package import publish_data
from helpers.publishing.share import publish_images

__all__ = ["publish_data", "publish_images"]
