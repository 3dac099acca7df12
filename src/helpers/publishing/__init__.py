"""What goes out beside the pages: the figures and tables as open data that outsiders can check without us."""

from helpers.publishing.package import publish_data
from helpers.publishing.share import FOLDER as SHARE_FOLDER
from helpers.publishing.share import image_links, publish_images

__all__ = ["SHARE_FOLDER", "image_links", "publish_data", "publish_images"]
