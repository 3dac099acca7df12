"""Reading and writing files safely.

Everything that touches the disk goes through this room: text of unknown encoding is read without a guess
by the caller, files are written whole or not at all and with the same bytes each time, spreadsheet formulas
are neutralised, and files that come by download or mirror are checked against their checksum.
"""

from helpers.config import MonitorError
from helpers.files.locating import RECEIVED, data_files, download, locate, registered_files
from helpers.files.reading import read_csv, read_text
from helpers.files.writing import neutralise_formulas, sha256, write_bytes, write_csv, write_json, write_text

__all__ = [
    "RECEIVED",
    "MonitorError",
    "data_files",
    "download",
    "locate",
    "neutralise_formulas",
    "read_csv",
    "read_text",
    "registered_files",
    "sha256",
    "write_bytes",
    "write_csv",
    "write_json",
    "write_text",
]
