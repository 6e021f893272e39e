"""Reads what is shown as a browser would: its elements, its text, and whether every element is closed."""

from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "meta", "path", "rect", "circle", "input", "link"}


class Reader(HTMLParser):
    """The elements and the text of HTML; `faults` names what is not well-formed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.faults, self._open, self._text = [], [], [], []
        self.feed(html)
        self.close()
        self.faults += [f"{name} is not closed" for name in self._open]
        self.text = " ".join("".join(self._text).split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"{tag} says something twice")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"{tag} is closed and was not open")
        if tag in ("p", "td", "th", "li", "h3", "h4", "summary", "div", "title", "desc", "style", "text"):
            self._text.append(" ")

    def handle_data(self, data):
        if "style" not in self._open:
            self._text.append(data)

    def named(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    def with_class(self, name):
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]


def dangers(reader):
    """Name whatever could run, or ask the network for something."""
    found = [
        tag
        for tag, _ in reader.elements
        if tag in ("script", "img", "iframe", "link", "object", "embed", "image", "use", "form", "base")
    ]
    for tag, attributes in reader.elements:
        found += [
            f"{tag} {key}"
            for key in attributes
            if key.startswith("on") or key in ("src", "href", "xlink:href", "srcset", "style", "id")
        ]
    return found
