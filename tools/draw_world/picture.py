"""Pictures in SVG: lines, boxes and arrows on white paper, and plots with linear axes."""

import math

INK, SOFT, RULE, PAPER = "#333333", "#767676", "#d4d4d4", "#ffffff"
BLUE, ORANGE, GREEN = "#2f6db5", "#cf6f1c", "#3c8d53"


class Picture:
    """An SVG file on white paper, so that it can be read on a dark page too. Lengths are in pixels."""

    def __init__(self, width, height, title):
        self.width, self.height, self.parts = width, height, []
        self.title = title

    def add(self, part):
        self.parts.append(part)

    def line(self, x1, y1, x2, y2, colour=RULE, width=1.0, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
            f' stroke-width="{width:g}"{dashes}/>'
        )

    def path(self, points, colour, width=1.8, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>')

    def rect(self, x, y, width, height, fill, stroke="none", radius=0):
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}"'
            f' fill="{fill}" stroke="{stroke}"/>'
        )

    def dot(self, x, y, radius, fill):
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>')

    def text(self, x, y, text, colour=INK, size=12, anchor="start", bold=False):
        safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        weight = ' font-weight="600"' if bold else ""
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"'
            f' text-anchor="{anchor}"{weight}>{safe}</text>'
        )

    def arrow(self, x1, y1, x2, y2, colour=SOFT, dash=""):
        length = math.hypot(x2 - x1, y2 - y1)
        along, across = (x2 - x1) / length, (y2 - y1) / length
        self.line(x1, y1, x2 - 6 * along, y2 - 6 * across, colour, 1.4, dash)
        left = (x2 - 9 * along + 4 * across, y2 - 9 * across - 4 * along)
        right = (x2 - 9 * along - 4 * across, y2 - 9 * across + 4 * along)
        self.add(
            f'<polygon points="{x2:.1f},{y2:.1f} {left[0]:.1f},{left[1]:.1f} {right[0]:.1f},{right[1]:.1f}"'
            f' fill="{colour}"/>'
        )

    def box(self, x, y, width, height, title, lines=(), colour=BLUE):
        self.rect(x, y, width, height, PAPER, colour, 6)
        top = y + (height - 15 * len(lines)) / 2 + 4.5
        self.text(x + width / 2, top, title, colour, 13, "middle", bold=True)
        for at, line in enumerate(lines):
            self.text(x + width / 2, top + 16 + 15 * at, line, INK, 11, "middle")

    def save(self, path):
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}" font-family="Helvetica, Arial, DejaVu Sans, sans-serif">'
            f'\n<title>{self.title}</title>\n<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>\n'
        )
        path.write_text(head + "\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


class Plot:
    """A rectangle with linear axes in a picture."""

    def __init__(self, picture, box, x_range, y_range):
        self.picture, self.x_range, self.y_range = picture, x_range, y_range
        self.left, self.top, self.width, self.height = box

    def x(self, value):
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value):
        low, high = self.y_range
        return self.top + self.height - (value - low) / (high - low) * self.height

    def y_axis(self, ticks, form, label):
        for tick in ticks:
            self.picture.line(self.left, self.y(tick), self.left + self.width, self.y(tick))
            self.picture.text(self.left - 7, self.y(tick) + 4, form(tick), SOFT, 11, "end")
        self.picture.text(self.left - 44, self.top - 14, label, SOFT, 11)

    def x_axis(self, ticks, form, label):
        bottom = self.top + self.height
        for tick in ticks:
            self.picture.line(self.x(tick), bottom, self.x(tick), bottom + 4, SOFT)
            self.picture.text(self.x(tick), bottom + 17, form(tick), SOFT, 11, "middle")
        self.picture.text(self.left + self.width, bottom + 33, label, SOFT, 11, "end")

    def curve(self, points, colour, width=1.8, dash=""):
        self.picture.path([(self.x(x), self.y(y)) for x, y in points], colour, width, dash)
