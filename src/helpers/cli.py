"""The command ``monitor``: what the Makefile calls, and what people call who want one step."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import yaml

from helpers.config import MonitorError, find_root, list_cities, load_city, load_dictionary, raw_folder
from helpers.files import download, write_bytes, write_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it did what it should, 1 with one sentence on stderr when a person must mend something."""
    options = _parser().parse_args(arguments)
    try:
        status = options.command(options) or 0
        sys.stdout.flush()
        return status
    except MonitorError as error:
        if options.debug:
            raise
        print(f"monitor: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; nothing more can be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("monitor: stopped; what was finished stays, the rest is done by the next run.", file=sys.stderr)
        return 130


def run(options: argparse.Namespace) -> int:
    """Everything that is stale for the chosen cities and periods."""
    from helpers.pipeline.monitor import recompute, run_monitor  # heavy libraries are loaded only where they are used

    if options.as_of:
        return recompute(find_root(), options.city, options.period, options.as_of)
    return run_monitor(find_root(), options.city, options.period, options.only)


def what_if(options: argparse.Namespace) -> None:
    """What would change in a city and period under another method: weights, goalposts, rules, indicators on or off."""
    from helpers.pipeline.answers import what_if_answer

    changes = dict(_change(text) for text in options.set)
    asked = (options.city, options.period, changes, options.weights, options.output)
    for line in what_if_answer(find_root(), *asked):
        print(line)


def record(options: argparse.Namespace) -> None:
    """Write down what a computed period says as published on a day, so that later revisions of it can be shown."""
    from helpers.pipeline.record import record_publication

    path, number = record_publication(find_root(), options.city, options.period, options.on)
    print(f"{number} values written to {path}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2023-03-31") from None


def _change(text: str) -> tuple[str, object]:
    """Address and value of ``ADDRESS=VALUE``, the value as YAML reads it."""
    address, sign, value = text.partition("=")
    try:
        return address.strip(), yaml.safe_load(value) if sign else None
    except yaml.YAMLError as error:
        raise MonitorError(f"{value!r} cannot be read", remedy="write a number, a word or [a, list]") from error


def data(options: argparse.Namespace) -> int:
    """Download the open data of a city, each file checked against its checksum."""
    root = find_root()
    counts: dict[str, int] = {}
    for path, what in download(root, load_city(root, options.city).id):
        counts[what] = counts.get(what, 0) + 1
        if what != "present":
            print(f"{path}: {what.replace('_', ' ')}")
    summary = [f"{number} {what.replace(chr(95), chr(32))}" for what, number in sorted(counts.items())]
    print(", ".join(summary) or "nothing to fetch")
    return 0


def validate(options: argparse.Namespace) -> int:
    """What to mend in a city's files, in words, per responsible unit; 1 where a row stops the run."""
    from helpers.registry import clean, letters, open_questions, save_letters

    root = find_root()
    city, dictionary = load_city(root, options.city), load_dictionary(root)
    language = options.language or city.languages[0]
    questions = open_questions(city, dictionary)
    if questions and options.folder:
        raise questions[0]  # the units have not to answer what nobody has told the monitor
    for question in questions:
        print(f"monitor: {question}", file=sys.stderr)
    registry = clean(city, dictionary, root)
    if options.folder:
        for path in save_letters(registry, city, root, language, options.folder):
            print(path)
    else:
        for letter in letters(registry, city, root, language):
            print(letter, end="\n\n")
    return 1 if registry.blocked else 0


def scan(options: argparse.Namespace) -> int:
    """Which raw files of a city could be published, and why others not."""
    from helpers.registry import scan as scan_files

    root = find_root()
    found = scan_files(load_city(root, options.city), root)
    for row in found.to_dict("records"):
        answer = "may be published" if row["may_publish"] else f"not to be published: {row['reason'].replace('_', ' ')}"
        print(f"{row['file']}: {answer}")
    return 0


def new_city(options: argparse.Namespace) -> int:
    """Start a city from its files: copy them and propose a city.yml that says how sure it is of each column."""
    from helpers.registry import city_text

    root = find_root()
    folder = raw_folder(root, options.city)
    if folder.exists():
        remedy = "choose another id, or edit its city.yml"
        raise MonitorError("this city has a folder already", where=folder, remedy=remedy)
    name = options.name or options.city.replace("-", " ").title()
    text = city_text(options.city, name, options.country, options.files, load_dictionary(root))
    for path in options.files:
        write_bytes(folder / path.name, path.read_bytes())
    print(write_text(folder / "city.yml", text))
    print(f"Look at every question mark in it, then: monitor validate {options.city}")
    return 0


def template(options: argparse.Namespace) -> int:
    """Write blank tables for data entry, and the form for organisations, generated from the field dictionary."""
    from helpers.language import Texts
    from helpers.registry import form_workbook, template_workbook
    from helpers.registry import template as blank

    root, language = find_root(), options.language or "es"
    dictionary = load_dictionary(root)
    names = options.table or list(dictionary.tables)
    written = [write_bytes(options.folder / f"{name}.csv", blank(dictionary, name, language)) for name in names]
    workbook = template_workbook(dictionary, names, language)
    written.append(write_bytes(options.folder / "registry.xlsx", workbook))
    form = form_workbook(dictionary, Texts(root, language))
    written.append(write_bytes(options.folder / "declaration.xlsx", form))
    print("\n".join(map(str, written)))
    return 0


def intake(options: argparse.Namespace) -> int:
    """Take in forms in which organisations declare their instances; each is checked first, and refused or kept."""
    from helpers.language import Texts
    from helpers.registry import take_in

    root = find_root()
    city = load_city(root, options.city)
    texts = Texts(root, options.language or city.languages[0])
    for path in options.files:
        taken = take_in(path, city, load_dictionary(root), root, texts)
        said = texts(f"registry.intake_{taken.outcome}", id=taken.instance_id)
        print(f"{taken.path.relative_to(root)}: {said}")
        for what, where, remedy in taken.remarks:
            print(texts("registry.letter_line", place=where, what=what, remedy=remedy))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="monitor", description="Citizen Participation Monitor")
    parser.add_argument("--debug", action="store_true", help="show the whole traceback of an error")
    commands = parser.add_subparsers(required=True, metavar="command")
    cities = ", ".join(_cities())
    _add_results(commands, cities)
    _add_registries(commands, cities)
    return parser


def _add_results(commands: argparse._SubParsersAction, cities: str) -> None:
    """The commands that compute periods, and ask or note what came out."""
    command = _added(commands, run)
    command.add_argument("--city", action="append", help=f"one of: {cities} (default: the embedded two)")
    command.add_argument("--period", help="such as 2022 or 2022-S1, or `all` (default: the newest)")
    command.add_argument("--only", choices=["registries", "index", "reports"], help="this stage alone")
    versions = "compute the period again by this version of the method, such as v1, beside what is published"
    command.add_argument("--as-of", metavar="METHOD", help=versions)

    command = _added(commands, what_if)
    command.add_argument("city", help=f"one of: {cities}")
    command.add_argument("period", help="such as 2022 or 2022-S1; its registry must have been cleaned")
    address = "such as aggregation.across=arithmetic or indicators.A5.goalposts.hi=30; may be given again"
    command.add_argument("--set", action="append", default=[], metavar="ADDRESS=VALUE", help=address)
    workshop = "CSV of a workshop: points per member and dimension, or first, second, times (pairwise)"
    command.add_argument("--weights", type=Path, metavar="FILE", help=workshop)
    command.add_argument("--output", type=Path, metavar="FILE", help="write the whole comparison there as CSV")

    command = _added(commands, record)
    command.add_argument("city", help=f"one of: {cities}")
    command.add_argument("period", nargs="?", help="such as 2022 or 2022-S1 (default: the newest)")
    command.add_argument(
        "--on", type=_day, metavar="DAY", required=True, help="the day of publication, such as 2023-03-31"
    )


def _add_registries(commands: argparse._SubParsersAction, cities: str) -> None:
    """The commands for the files of a city: getting them, describing them, mending them."""
    command = _added(commands, data)
    command.add_argument("city", help=f"one of: {cities}")

    command = _added(commands, validate)
    command.add_argument("city", help=f"one of: {cities}")
    command.add_argument("--language", help="such as es (default: the city's first)")
    command.add_argument("--folder", type=Path, help="write each letter there as text, CSV and XLSX")

    command = _added(commands, scan)
    command.add_argument("city", help=f"one of: {cities}")

    command = _added(commands, new_city)
    command.add_argument("city", help="its id: small letters and hyphens")
    command.add_argument("--from", dest="files", type=Path, nargs="+", required=True, help="the files to look at")
    command.add_argument("--name", help="as people write it")
    command.add_argument("--country", default="XX", help="two letters, such as AR")

    command = _added(commands, template)
    command.add_argument("table", nargs="*", help="tables of the registry (default: all)")
    command.add_argument("--folder", type=Path, default=Path("templates"), help="where to write (default: templates)")
    command.add_argument("--language", help="language of the headings (default: es)")

    command = _added(commands, intake)
    command.add_argument("city", help=f"one of: {cities}")
    command.add_argument("files", type=Path, nargs="+", help="filled forms (XLSX, ODS or CSV)")
    command.add_argument("--language", help="such as es (default: the city's first)")


def _added(commands: argparse._SubParsersAction, function: Callable) -> argparse.ArgumentParser:
    """A command called as its function, with the function's own words as help."""
    name = function.__name__.replace("_", "-")
    command = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
    command.set_defaults(command=function)
    return command


def _cities() -> list[str]:
    try:
        return list_cities(find_root())
    except MonitorError:
        return []


if __name__ == "__main__":
    sys.exit(main())
