"""What one line of a manual test means, before any page is looked at: frozen values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a clause asks for. ``NAME_ONLY`` is a bare thing, a control or a value."""

    OPEN = "open"  # go to a path, or click through to a named thing
    CLICK = "click"
    DOUBLE_CLICK = "double_click"
    RIGHT_CLICK = "right_click"
    TYPE = "type"  # one value into one field (or the only likely one)
    APPEND = "append"
    CLEAR = "clear"
    PRESS = "press"  # a key; see Clause.key
    SELECT = "select"  # an option, radio button or item
    CHECK = "check"
    UNCHECK = "uncheck"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    HOVER = "hover"
    DRAG = "drag"  # objects[0] onto Clause.to
    SCROLL = "scroll"
    SLIDER = "slider"
    SUBMIT = "submit"  # send the form in hand
    FILL_FORM = "fill_form"  # Clause.fields, or the whole form by meaning when empty
    SEARCH = "search"  # value, then send
    FILTER = "filter"  # Clause.fields, sent only when a later clause says so
    FACET = "facet"  # group or facet by objects[0]
    SORT = "sort"  # by objects[0]; value is "ascending", "descending" or None
    LOG_IN = "log_in"  # Clause.who, Clause.fields for wrong or explicit credentials
    LOG_OUT = "log_out"
    REGISTER = "register"
    BACK = "back"
    FORWARD = "forward"
    RELOAD = "reload"
    TAB = "tab"  # value is open (Clause.path), switch or close; objects[0] or ordinal says which
    WAIT = "wait"  # for value or objects[0] (to go when negated), or ms in key
    CALL = "call"  # ask the site's API: method in key, address in path, body in value
    KEEP = "keep"  # remember as key what objects[0] (value says how, place where) shows
    COPY_FIELD = "copy_field"  # all that the field objects[0] holds, by the keyboard
    PASTE_FIELD = "paste_field"
    CONFIRM = "confirm"  # accept what was asked: a dialog, or the button that says yes
    DISMISS = "dismiss"  # cancel or close what was asked
    RUN = "run"  # a statement to enter and run (value), or an action to choose and run (objects)
    APPLY = "apply"  # enter a code (value) where one is asked for, and send it
    ADD = "add"  # make a thing: an item by value, or one of objects[0] with fields
    DELETE = "delete"
    EDIT = "edit"
    TOGGLE = "toggle"
    EXPAND = "expand"
    COLLAPSE = "collapse"
    FOCUS = "focus"
    VERIFY = "verify"  # value is a statement that must hold now
    NAME_ONLY = "name_only"
    # Moves: orders that name no single control; see ``cases.moves``.
    FIND = "find"  # take the item that speaks of the value in hand
    HANDLE = "handle"  # what the controls of the item in hand do: value is the word, to is whom
    DATE = "date"  # a date into a field, by its calendar where it cannot be typed
    COPY = "copy"  # the text of objects[0], read anew in each run
    PASTE = "paste"  # what was copied, into objects[0]
    HIGHLIGHT = "highlight"  # select the text of objects[0], or its part in value
    STYLE = "style"  # give the text in value (or all) the style objects[0] in an editor
    RESIZE = "resize"  # value is the side and "+" or "-"
    MOVE = "move"  # drag to a position (ordinal) or a way off (value: "left 40 px")
    UNTIL = (
        "until"  # wait until the number called objects[0] is as value says, then click Clause.to
    )
    COMPLETE = "complete"  # an offered value that starts with value and ends with objects[0]
    COLOR = "color"
    MENU = "menu"  # through the menus named by objects to the last one
    EACH = "each"  # click objects[0] in `times` different rows of Clause.place
    BEST = "best"  # fill a search form by its prepositions, take the best that it finds


class Relation(StrEnum):
    """How the values of a field are asked for when they are not given."""

    ANY = "any"  # any sensible value
    SAME = "same"  # the same value in each of `count` fields
    DIFFERENT = "different"  # another value in each of `count` fields
    WRONG = "wrong"  # a value that does not fit (wrong password)
    INVALID = "invalid"  # a malformed value (typo, bad format)
    BLANK = "blank"  # left or made empty
    SPACES = "spaces"  # white space only
    NEW = "new"  # a value not used before
    LONG = "long"  # longer than allowed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is. ``kind`` is section, row, dialog, table, list, column, menu, form, card,
    tab, page, near or ``""``; ``ordinal`` counts places of that kind from 1 (-1 is the last)."""

    text: str = ""
    kind: str = ""
    ordinal: int | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A thing as the tester named it, without articles, ordinals, quotes and role words.

    ``raw`` keeps the words as written (for names such as "Next page" where the role word belongs
    to the name). ``role`` is a hint: button, link, field, checkbox, radio, option, row, tab,
    header, section, dialog, image, list, item, menu, file, page, icon, text or ``""``. ``aside`` is
    what stood in brackets, ``number`` the number at the end ("poll 1").
    """

    text: str
    raw: str = ""
    quoted: bool = False
    role: str = ""
    ordinal: int | None = None
    every: bool = False
    pronoun: bool = False
    negated: bool = False
    aside: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field to fill. ``value`` is None when any value with ``relation`` will do.

    ``count`` fields of that name are meant ("the same password twice", "two choices").
    ``size`` is the size in bytes of a file to make.
    """

    field: Phrase
    value: str | None = None
    relation: Relation = Relation.ANY
    count: int = 1
    size: int | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing to do. ``soft`` clauses say where things happen ("products: …") and may be skipped
    when the page in hand is already the place. ``path`` is a URL or path that was written out,
    ``start`` says that the application's own start address is meant. ``plain`` lines keep to the
    documented plain style: what they name is what is meant, and nothing else will do.

    ``alternatives`` are other readings, to be tried in order when this one finds nothing on the
    page ("Save and continue" is a button, else two clicks). ``expected`` are results that the text
    asks for right after this clause.
    """

    text: str
    verb: Verb
    objects: tuple[Phrase, ...] = ()
    value: str | None = None
    place: Place | None = None
    path: str = ""
    key: str = ""
    to: Phrase | None = None
    times: int = 1
    ordinal: int | None = None
    negated: bool = False
    role_hint: str = ""
    who: str = ""
    fields: tuple[FieldValue, ...] = ()
    quoted: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    pronoun: bool = False
    every: bool = False
    soft: bool = False
    nothing: bool = False  # "with nothing chosen", "without filling anything": leave inputs alone
    expected: tuple[str, ...] = ()
    alternatives: tuple[tuple[Clause, ...], ...] = ()
    start: bool = False
    plain: bool = False

    @property
    def object(self) -> Phrase | None:
        """The first thing named, if any."""
        return self.objects[0] if self.objects else None


@dataclass(frozen=True, slots=True)
class CaseText:
    """A manual test case taken apart. ``expected`` holds the results in the user's words."""

    name: str
    preconditions: tuple[str, ...]
    steps: tuple[Clause, ...]
    expected: tuple[str, ...]
    text: str = ""
