"""Holds one OpenAPI document against another: what the first demands and the second lacks."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
VERBS = ("get", "post", "put", "patch", "delete")
SAME = ("type", "pattern", "enum", "format", "default", "minLength", "maxLength", "minimum")


def lacking(contract: Schema, generated: Schema) -> list[str]:
    """Every point at which the generated document falls short of the contract."""
    found: list[str] = []
    for path, wanted in contract["paths"].items():
        shared = wanted.get("parameters", [])
        for verb in (v for v in VERBS if v in wanted):
            there = generated["paths"].get(path, {})
            if verb not in there:
                found.append(f"{verb} {path}: no such operation")
                continue
            operation = there[verb] | {
                "parameters": there.get("parameters", []) + there[verb].get("parameters", [])
            }
            compare = _Operation(f"{verb} {path}", contract, generated, found)
            compare.all(wanted[verb], shared, operation)
    schemes = generated.get("components", {}).get("securitySchemes", {})
    for name, scheme in contract["components"]["securitySchemes"].items():
        if {k: str(v).lower() for k, v in schemes.get(name, {}).items() if k in scheme} != {
            k: str(v).lower() for k, v in scheme.items()
        }:
            found.append(f"security scheme {name}: {schemes.get(name)}")
    return found


class _Operation:
    """Compares one operation and writes down what is lacking."""

    def __init__(self, name: str, contract: Schema, generated: Schema, found: list[str]) -> None:
        self._name = name
        self._contract = contract
        self._generated = generated
        self._found = found

    def all(self, wanted: Schema, shared: list[Schema], given: Schema) -> None:
        """Operation id, parameters, request and responses."""
        if wanted["operationId"] != given.get("operationId"):
            self._say("operationId", wanted["operationId"], given.get("operationId"))
        if "422" in given["responses"]:
            self._say("responses", "no 422", "422")
        there = {(p["in"], p["name"]): p for p in given["parameters"]}
        for parameter in [*shared, *wanted.get("parameters", [])]:
            key = parameter["in"], parameter["name"]
            if key not in there:
                self._say(f"parameter {key}", "there", "not there")
                continue
            if parameter["required"] != there[key].get("required", False):
                self._say(f"parameter {key}", parameter["required"], there[key].get("required"))
            self.schema(f"parameter {key[1]}", parameter["schema"], there[key]["schema"], False)
        if "requestBody" in wanted:
            if not given.get("requestBody", {}).get("required"):
                self._say("request", "required", "not required")
            self.schema("request", _json(wanted["requestBody"]), _json(given["requestBody"]), False)
        for status, response in wanted["responses"].items():
            if status not in given["responses"]:
                self._say("responses", status, sorted(given["responses"]))
                continue
            answer = given["responses"][status]
            self.schema(f"response {status}", _json(response), _json(answer), True)

    def schema(self, where: str, wanted: Schema, given: Schema, response: bool) -> None:
        """One schema; a response may promise more, a request may not ask for more."""
        wanted, given = _plain(wanted, self._contract), _plain(given, self._generated)
        if "variants" in wanted:
            self._variants(where, wanted, given, response)
            return
        for key in SAME:
            if key in wanted and wanted[key] != given.get(key):
                self._say(f"{where} {key}", wanted[key], given.get(key))
        for key in ("pattern", "enum", "minLength", "maxLength", "minimum"):
            # The contract's prose refuses empty texts everywhere, its schema only in places.
            empty_refused = key == "minLength" and given.get(key) == 1
            if key in given and key not in wanted and not response and not empty_refused:
                self._say(f"{where} {key}", "not there", given[key])
        if response and bool(wanted.get("nullable")) != bool(given.get("nullable")):
            self._say(f"{where} nullable", wanted.get("nullable"), given.get("nullable"))
        asked, required = set(wanted.get("required", [])), set(given.get("required", []))
        if asked - required or (not response and required - asked):
            self._say(f"{where} required", sorted(asked), sorted(required))
        for name, child in wanted.get("properties", {}).items():
            there = given.get("properties", {}).get(name)
            if there is None:
                self._say(f"{where}.{name}", "there", "not there")
            else:
                self.schema(f"{where}.{name}", child, there, response)
        if "items" in wanted:
            self.schema(f"{where}[]", wanted["items"], given.get("items", {}), response)

    def _variants(self, where: str, wanted: Schema, given: Schema, response: bool) -> None:
        """Each variant of the contract must be one of those given."""
        for number, variant in enumerate(wanted["variants"]):
            tries: list[list[str]] = []
            for other in given.get("variants", [given]):
                probe = _Operation(self._name, self._contract, self._generated, [])
                probe.schema(f"{where} variant {number}", variant, other, response)
                tries.append(probe._found)
            best = min(tries, key=len)
            self._found += best

    def _say(self, where: str, wanted: object, given: object) -> None:
        self._found.append(f"{self._name}: {where}: {wanted} in the contract, {given} here")


def _json(part: Schema) -> Schema:
    found: Schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _plain(schema: Schema, document: Schema) -> Schema:
    """A schema without references and with one way to say what can be said in several."""
    while "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = {k: v for k, v in schema.items() if k != "$ref"} | target
    plain = dict(schema)
    if "allOf" in plain and len(plain["allOf"]) == 1:
        return _plain(
            {k: v for k, v in plain.items() if k != "allOf"} | plain["allOf"][0], document
        )
    variants = plain.pop("anyOf", None) or plain.pop("oneOf", None)
    if variants:
        left = [v for v in variants if v.get("type") != "null"]
        if len(left) < len(variants):
            plain["nullable"] = True
        if len(left) == 1:
            return _plain(plain | left[0], document)
        plain["variants"] = left
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    if plain.get("format") == "int32":
        del plain["format"]
    if plain.get("default", 0) is None:
        del plain["default"]
    if isinstance(plain.get("enum"), list):
        plain["enum"] = sorted(plain["enum"])
        plain.setdefault("type", "string")
    return plain
