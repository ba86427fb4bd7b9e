"""Two published versions of one application, installed from PyPI and started side by side."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.serving import free_port

_DJANGO = """
import sys
from django.conf import settings
settings.configure(
    DEBUG=True, SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF="site_urls", USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.db"}},
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
        "django.contrib.flatpages", "django.contrib.sites", "django.contrib.redirects"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages"]}}],
    STATIC_URL="/static/", SITE_ID=1, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
import django
django.setup()
from django.core.management import call_command
if sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import Group, User
    User.objects.create_superuser("admin", "admin@example.com", "admin-Pass1")
    for name in ("ann", "bob", "cleo", "dan"):
        User.objects.create_user(name, name + "@example.com", "some-Pass1", first_name=name.title())
    for name in ("Editors", "Authors", "Guests"):
        Group.objects.create(name=name)
    from django.contrib.flatpages.models import FlatPage
    FlatPage.objects.create(url="/about/", title="About us", content="Words")
else:
    call_command("runserver", sys.argv[1], "--noreload", verbosity=0)
"""
_URLS = """
from django.contrib import admin
from django.urls import path
urlpatterns = [path("admin/", admin.site.urls)]
"""


@dataclass(frozen=True)
class Subject:
    """An application with two of its versions and the pages to compare."""

    name: str
    package: str
    before: str
    after: str
    paths: tuple[str, ...]
    login: tuple[str, str, str] | None = None


SUBJECTS = (
    Subject(
        "django-admin",
        "django",
        "3.2.25",
        "5.2",
        (
            "/admin/",
            "/admin/auth/user/",
            "/admin/auth/user/?o=1",
            "/admin/auth/user/add/",
            "/admin/auth/user/2/change/",
            "/admin/auth/user/2/history/",
            "/admin/auth/user/2/delete/",
            "/admin/auth/group/",
            "/admin/auth/group/add/",
            "/admin/auth/group/1/change/",
            "/admin/flatpages/flatpage/add/",
            "/admin/flatpages/flatpage/",
            "/admin/sites/site/1/change/",
            "/admin/redirects/redirect/add/",
            "/admin/password_change/",
        ),
        ("/admin/login/", "admin", "admin-Pass1"),
    ),
    Subject(
        "datasette",
        "datasette",
        "0.60.2",
        "0.65.1",
        (
            "/",
            "/shop",
            "/shop/orders",
            "/shop/orders?_sort=price",
            "/shop/orders?_facet=city",
            "/shop/orders?city=York",
            "/shop/orders/3",
            "/shop/customers",
            "/shop?sql=select+*+from+orders",
            "/-/versions",
        ),
    ),
)


@contextlib.contextmanager
def running(subject: Subject, version: str, root: Path) -> Iterator[str]:
    """Install a version if it is not there yet and start it; yields its address."""
    folder = root / f"{subject.name}-{version}"
    python = folder / "venv" / "bin" / "python"
    if not (folder / ".installed").exists():
        venv.create(folder / "venv", with_pip=True, clear=True)
        wanted = f"{subject.package}=={version}"
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", wanted, "setuptools<81"], check=True
        )
        _prepare(subject, folder, python)
        (folder / ".installed").touch()
    port = free_port()
    process = subprocess.Popen(
        _command(subject, python, port),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url + subject.paths[0], process)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _prepare(subject: Subject, folder: Path, python: Path) -> None:
    if subject.package == "django":
        (folder / "site_urls.py").write_text(_URLS)
        (folder / "site_run.py").write_text(_DJANGO)
        subprocess.run([str(python), "site_run.py", "prepare"], cwd=folder, check=True)
        return
    cities = ("York", "Bath", "Leeds", "Ely")
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute("create table customers (id integer primary key, name text, city text)")
        database.execute(
            "create table orders (id integer primary key, thing text, price real, city text,"
            " customer integer references customers(id))"
        )
        for number in range(1, 13):
            row = (number, f"Person {number}", cities[number % 4])
            database.execute("insert into customers values (?, ?, ?)", row)
        for number in range(1, 31):
            order = (number, f"Thing {number}", number * 1.5, cities[number % 4], number % 12 + 1)
            database.execute("insert into orders values (?, ?, ?, ?, ?)", order)
    database.close()


def _command(subject: Subject, python: Path, port: int) -> list[str]:
    if subject.package == "django":
        return [str(python), "site_run.py", f"127.0.0.1:{port}"]
    return [str(python.parent / "datasette"), "serve", "shop.db", "-p", str(port)]


def _await(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{url}: the application ended ({sys.executable})")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=5).status_code < 500:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer in {seconds:.0f} s")
