"""The shop's SQLite file: products, customers, orders and contact messages; all its SQL."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from assay_shop.catalogue import PRODUCTS

PAGE_SIZE = 9
FIRST_ORDER = 1000
SORTS = {
    "featured": ("Featured", "id"),
    "price": ("Price: low to high", "price, id"),
    "price-desc": ("Price: high to low", "price DESC, id"),
    "name": ("Name", "name COLLATE NOCASE"),
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS products (
  id INTEGER PRIMARY KEY, slug TEXT UNIQUE NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,
  price INTEGER NOT NULL, stock INTEGER NOT NULL, description TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL, password TEXT NOT NULL, name TEXT NOT NULL,
  phone TEXT NOT NULL DEFAULT '', newsletter INTEGER NOT NULL DEFAULT 0,
  role TEXT NOT NULL DEFAULT 'customer');
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY, number TEXT UNIQUE, user_id INTEGER, email TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (datetime('now')), status TEXT NOT NULL DEFAULT 'Paid',
  address TEXT NOT NULL, delivery TEXT NOT NULL, card TEXT NOT NULL, lines TEXT NOT NULL,
  subtotal INTEGER NOT NULL, shipping INTEGER NOT NULL, total INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, topic TEXT NOT NULL,
  body TEXT NOT NULL, attachment TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL DEFAULT (datetime('now')));
"""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A customer that every fresh shop has."""

    email: str
    password: str
    name: str
    role: str


DEMO_USERS = (
    DemoUser("shopper@example.com", "shopper-Pass1", "Sam Shopper", "customer"),
    DemoUser("admin@example.com", "admin-Pass1", "Alex Admin", "admin"),
)


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on sale; the price is in cents."""

    id: int
    slug: str
    name: str
    category: str
    price: int
    stock: int
    description: str


@dataclass(frozen=True, slots=True)
class User:
    """A customer or an administrator."""

    id: int
    email: str
    name: str
    phone: str
    newsletter: bool
    role: str


@dataclass(frozen=True, slots=True)
class Line:
    """One product in a cart or an order."""

    slug: str
    name: str
    price: int
    quantity: int

    @property
    def total(self) -> int:
        """What the line costs, in cents."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """A placed order."""

    number: str
    user_id: int | None
    email: str
    created: str
    status: str
    address: dict[str, str]
    delivery: str
    card: str
    lines: tuple[Line, ...]
    subtotal: int
    shipping: int
    total: int


@dataclass(frozen=True, slots=True)
class Query:
    """What the catalogue is asked for; prices in cents."""

    text: str = ""
    category: str = ""
    lowest: int | None = None
    highest: int | None = None
    in_stock: bool = False
    sort: str = "featured"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a catalogue search."""

    products: tuple[Product, ...] = field(default_factory=tuple)
    total: int = 0
    page: int = 1
    pages: int = 1


def hash_password(password: str, salt: str | None = None) -> str:
    """A salted scrypt hash, cheap enough for a sample shop."""
    salt = salt or secrets.token_hex(8)
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**12, r=8, p=1)
    return f"{salt}${digest.hex()}"


class Store:
    """Everything the shop remembers between requests."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA busy_timeout=5000")
        self._db.executescript(SCHEMA)
        self._seed()

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def _seed(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._db.execute("SELECT 1 FROM users LIMIT 1").fetchone() is None:
                self._db.executemany(
                    "INSERT INTO products (slug, name, category, price, stock, description)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    PRODUCTS,
                )
                self._db.executemany(
                    "INSERT INTO users (email, password, name, role) VALUES (?, ?, ?, ?)",
                    [(u.email, hash_password(u.password), u.name, u.role) for u in DEMO_USERS],
                )
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def product(self, slug: str) -> Product | None:
        """The product of that slug."""
        row = self._db.execute("SELECT * FROM products WHERE slug = ?", (slug,)).fetchone()
        return Product(**row) if row else None

    def products(self) -> list[Product]:
        """All products, as the administrator sees them."""
        return [Product(**row) for row in self._db.execute("SELECT * FROM products ORDER BY id")]

    def search(self, query: Query) -> Found:
        """The page of products that a query asks for."""
        where, values = ["1 = 1"], list[str | int]()
        for word in query.text.split():
            where.append("(name LIKE ? OR description LIKE ? OR category LIKE ?)")
            values += [f"%{word}%"] * 3
        for condition, value in (
            ("category = ?", query.category or None),
            ("price >= ?", query.lowest),
            ("price <= ?", query.highest),
        ):
            if value is not None:
                where.append(condition)
                values.append(value)
        if query.in_stock:
            where.append("stock > 0")
        matching = f"FROM products WHERE {' AND '.join(where)}"
        total = int(self._db.execute(f"SELECT count(*) {matching}", values).fetchone()[0])
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, query.page), pages)
        order = SORTS.get(query.sort, SORTS["featured"])[1]
        rows = self._db.execute(
            f"SELECT * {matching} ORDER BY {order} LIMIT ? OFFSET ?",
            [*values, PAGE_SIZE, (page - 1) * PAGE_SIZE],
        )
        return Found(tuple(Product(**row) for row in rows), total, page, pages)

    def save_product(self, product: Product) -> None:
        """Writes what the administrator changed; a product with id 0 is new."""
        if product.id:
            self._db.execute(
                "UPDATE products SET name = ?, category = ?, price = ?, stock = ?, description = ?"
                " WHERE id = ?",
                (
                    product.name,
                    product.category,
                    product.price,
                    product.stock,
                    product.description,
                    product.id,
                ),
            )
            return
        self._db.execute(
            "INSERT INTO products (slug, name, category, price, stock, description)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                product.slug,
                product.name,
                product.category,
                product.price,
                product.stock,
                product.description,
            ),
        )

    def delete_product(self, slug: str) -> None:
        """Takes a product out of the catalogue."""
        self._db.execute("DELETE FROM products WHERE slug = ?", (slug,))

    def user(self, user_id: int) -> User | None:
        """The customer of that id."""
        row = self._db.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
        return _user(row) if row else None

    def sign_in(self, email: str, password: str) -> User | None:
        """The customer, if the password is theirs."""
        row = self._db.execute("SELECT * FROM users WHERE email = ?", (email.lower(),)).fetchone()
        stored = row["password"] if row else hash_password("")
        given = hash_password(password, stored.split("$")[0])
        return _user(row) if row and hmac.compare_digest(stored, given) else None

    def email_taken(self, email: str) -> bool:
        """Whether somebody has signed up with that address."""
        found = self._db.execute("SELECT 1 FROM users WHERE email = ?", (email.lower(),))
        return found.fetchone() is not None

    def sign_up(self, email: str, password: str, name: str, newsletter: bool) -> int:
        """A new customer's id."""
        done = self._db.execute(
            "INSERT INTO users (email, password, name, newsletter) VALUES (?, ?, ?, ?)",
            (email.lower(), hash_password(password), name, newsletter),
        )
        return int(done.lastrowid or 0)

    def save_profile(self, user_id: int, name: str, phone: str, newsletter: bool) -> None:
        """Writes what a customer changed about themselves."""
        self._db.execute(
            "UPDATE users SET name = ?, phone = ?, newsletter = ? WHERE id = ?",
            (name, phone, newsletter, user_id),
        )

    def place_order(self, order: Order) -> str:
        """The number of the order that was written."""
        done = self._db.execute(
            "INSERT INTO orders (number, user_id, email, address, delivery, card, lines, subtotal,"
            " shipping, total) VALUES"
            " ('SO-' || (SELECT coalesce(max(id), 0) + 1 + ? FROM orders), ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?) RETURNING number",
            (
                FIRST_ORDER,
                order.user_id,
                order.email,
                json.dumps(order.address),
                order.delivery,
                order.card,
                json.dumps([[x.slug, x.name, x.price, x.quantity] for x in order.lines]),
                order.subtotal,
                order.shipping,
                order.total,
            ),
        )
        return str(done.fetchone()[0])

    def order(self, number: str) -> Order | None:
        """The order of that number."""
        row = self._db.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        return _order(row) if row else None

    def orders(self, user_id: int | None = None, limit: int = 50) -> list[Order]:
        """The newest orders, of one customer or of all."""
        rows = self._db.execute(
            "SELECT * FROM orders WHERE ? IS NULL OR user_id = ? ORDER BY id DESC LIMIT ?",
            (user_id, user_id, limit),
        )
        return [_order(row) for row in rows]

    def set_status(self, number: str, status: str) -> None:
        """Moves an order on."""
        self._db.execute("UPDATE orders SET status = ? WHERE number = ?", (status, number))

    def add_message(self, name: str, email: str, topic: str, body: str, attachment: str) -> None:
        """Keeps what somebody sent with the contact form; of a file only its name."""
        self._db.execute(
            "INSERT INTO messages (name, email, topic, body, attachment) VALUES (?, ?, ?, ?, ?)",
            (name, email, topic, body, attachment),
        )


def _user(row: sqlite3.Row) -> User:
    return User(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        phone=row["phone"],
        newsletter=bool(row["newsletter"]),
        role=row["role"],
    )


def _order(row: sqlite3.Row) -> Order:
    return Order(
        number=row["number"],
        user_id=row["user_id"],
        email=row["email"],
        created=row["created"],
        status=row["status"],
        address=json.loads(row["address"]),
        delivery=row["delivery"],
        card=row["card"],
        lines=tuple(Line(*line) for line in json.loads(row["lines"])),
        subtotal=row["subtotal"],
        shipping=row["shipping"],
        total=row["total"],
    )
