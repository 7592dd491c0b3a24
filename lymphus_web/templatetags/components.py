"""Parts with a slot, and the little that templates/components/ cannot ask of a form field themselves."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def popover(content: str, label: str, id: str) -> SafeString:
    """A small box opened by words: “how was this computed?”. Contract: components/popover.html."""
    return render_to_string("components/popover.html", {"content": content, "label": label, "id": id})


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A blocking question, only where a thing is final. Contract: components/dialog.html."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def booktable(
    content: str,
    caption: str = "",
    *,
    number: str = "",
    caption_hidden: bool = False,
    ruled: bool = False,
    sortable: bool = False,
) -> SafeString:
    """A table as printed papers set it. Contract: components/table.html."""
    words = {"caption": caption, "number": number, "caption_hidden": caption_hidden}
    looks = {"ruled": ruled, "sortable": sortable, "content": content}
    return render_to_string("components/table.html", words | looks)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether a field is several controls under one name."""
    return isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))
