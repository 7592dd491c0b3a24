"""The sixteen semantic features of LymphUs, defined once.

The form, the validation, the importer, the API schema, the exports, the statistics' choice of estimator and the docs are
all drawn from here. A sister database registers another `FormSchema` and everything else works unchanged.

Facts: Mohammadi et al., Data in Brief 66 (2026) 112694, doi:10.1016/j.dib.2026.112694 (definitions in our words; "none" of
centrality is not in the paper).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Kind = Literal["continuous", "binary", "nominal"]

PAPER = "doi:10.1016/j.dib.2026.112694"


@dataclass(frozen=True, slots=True)
class Value:
    """One level of a categorical feature. `key` is the digit that answers it."""

    code: str
    label: Text
    key: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppliesWhen:
    """The question is asked only if `feature` was answered with `value`; otherwise `reason` is shown."""

    feature: str
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Feature:
    """One semantic feature.

    present      the level counted as positive for agreement
    suspicious   levels counted as pointing to malignancy (none: a table and an odds ratio only)
    higher_is_suspicious   for continuous features: which way the quantity points
    plausible    closed range in `unit` outside which an import warns
    headers      column names of the published sheets that mean this feature, normalised (see `normalise`)
    """

    code: str
    group: str
    label: Text
    question: Text
    kind: Kind
    definition: Text
    values: tuple[Value, ...] = ()
    unit: str = ""
    plausible: tuple[float, float] | None = None
    derived: bool = False
    applies_when: AppliesWhen | None = None
    present: str | None = None
    suspicious: tuple[str, ...] = ()
    higher_is_suspicious: bool | None = None
    source: str = PAPER
    headers: tuple[str, ...] = ()

    @property
    def value_codes(self) -> tuple[str, ...]:
        return tuple(v.code for v in self.values)


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class FormSchema:
    """A versioned set of features; `version` is stored with every reading made under it."""

    code: str
    version: str
    title: Text
    groups: tuple[Group, ...]
    features: tuple[Feature, ...]

    def feature(self, code: str) -> Feature:
        """The feature of that code. Raises KeyError."""
        for feature in self.features:
            if feature.code == code:
                return feature
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f.code for f in self.features)

    @property
    def categorical(self) -> tuple[Feature, ...]:
        return tuple(f for f in self.features if f.kind != "continuous")


def normalise(text: str) -> str:
    """A header or value without case, spaces, punctuation: how synonyms are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


NO_YES = (
    Value("no", _("No"), "1", ("no", "n", "0", "negative", "absent", "false")),
    Value("yes", _("Yes"), "2", ("yes", "y", "1", "positive", "present", "true")),
)
ABSENT_PRESENT = (
    Value("absent", _("Absent"), "1", ("absent", "no", "0", "negative", "none", "false")),
    Value("present", _("Present"), "2", ("present", "yes", "1", "positive", "true")),
)

LYMPHUS = FormSchema(
    code="lymphus",
    version="lymphus-1.0",
    title=_("LymphUs, sixteen features"),
    groups=(
        Group("size_shape", _("Size and shape")),
        Group("echogenicity", _("Echogenicity")),
        Group("structure", _("Structure")),
        Group("border_content", _("Border and content")),
    ),
    features=(
        Feature(
            "max_diameter_mm", "size_shape", _("Max. diameter"), _("How long is the node's longest axis?"), "continuous",
            _("The longest axis of the node, from outer border to outer border."),
            unit="mm", plausible=(1.0, 100.0), higher_is_suspicious=True,
            headers=("maxdiametermm", "maxdiameter", "maximumdiameter", "maximumdiametermm", "maximaldiameter", "longaxis", "longaxismm",
                     "height", "heightmm", "longestdiameter", "maxdiametrmm", "maxdiametr"),
        ),
        Feature(
            "min_diameter_mm", "size_shape", _("Min. diameter"), _("How wide is the node at right angles to it?"), "continuous",
            _("The widest extent at right angles to the longest axis."),
            unit="mm", plausible=(0.5, 80.0), higher_is_suspicious=True,
            headers=("mindiametermm", "mindiameter", "minimumdiameter", "minimumdiametermm", "minimaldiameter", "shortaxis", "shortaxismm",
                     "width", "widthmm", "shortestdiameter", "mindiametrmm", "mindiametr"),
        ),
        Feature(
            "aspect_ratio", "size_shape", _("Aspect ratio"), _("Min. diameter ÷ max. diameter"), "continuous",
            _("Derived: the minimum diameter divided by the maximum. Near 1 is round."),
            unit="", plausible=(0.05, 1.0), derived=True, higher_is_suspicious=True,
            headers=("aspectratio", "ratio", "aspectratiominmax", "minmax", "mindivmax", "minmaxratio", "aspectratiowidthheight",
                     "widthheight", "aspectrato"),
        ),
        Feature(
            "hypoechoic", "echogenicity", _("Hypoechoic part"), _("Is any part of the node hypoechoic?"), "binary",
            _("Any part of the node darker than the tissue around it."),
            NO_YES, present="yes",
            headers=("hypoechoic", "hypochoic", "hypoechoicpart", "hypoechogenic", "hypoechoicity"),
        ),
        Feature(
            "hyperechoic", "echogenicity", _("Hyperechoic part"), _("Is any part of the node hyperechoic?"), "binary",
            _("Any part of the cortex brighter than the tissue around it; the fatty hilum does not count."),
            NO_YES, present="yes", suspicious=("yes",),
            headers=("hyperechoic", "hyperchoic", "hyperechoicpart", "hyperechogenic", "hyperechoicity"),
        ),
        Feature(
            "isoechoic", "echogenicity", _("Isoechoic, whole node"), _("Is the whole node isoechoic?"), "binary",
            _("The entire node is as bright as the tissue around it."),
            NO_YES, present="yes", suspicious=("yes",),
            headers=("isoechoic", "isochoic", "isoechoicentirenode", "isoechoicwholenode", "isoechogenic"),
        ),
        Feature(
            "homogeneity", "echogenicity", _("Homogeneity"), _("Is the internal echotexture even?"), "binary",
            _("Homogeneous: one even texture. Heterogeneous: areas that differ from each other."),
            (
                Value("homogeneous", _("Homogeneous"), "1", ("homogeneous", "homogenous", "homogen", "homogenus", "homogeneus")),
                Value("heterogeneous", _("Heterogeneous"), "2",
                      ("heterogeneous", "heterogenous", "heterogen", "hetrogeneous", "hetrogenous", "heterogeneus")),
            ),
            present="heterogeneous", suspicious=("heterogeneous",),
            headers=("homogeneity", "homogenity", "homogeneous", "homogeneousheterogeneous", "echotexture", "homogeneityheterogeneity",
                     "homogenousheterogenous"),
        ),
        Feature(
            "prominent_echogenicity", "echogenicity", _("Prominent echogenicity"), _("Which echogenicity prevails?"), "nominal",
            _("In a heterogeneous node, the echogenicity of its greater part."),
            (
                Value("hypoechoic", _("Hypo"), "1", ("hypoechoic", "hypochoic", "hypoechogenic", "hypo", "hypoechic", "hypoecoic")),
                Value("hyperechoic", _("Hyper"), "2", ("hyperechoic", "hyperchoic", "hyperechogenic", "hyper", "hyperechic", "hyperecoic")),
                Value("isoechoic", _("Iso"), "3", ("isoechoic", "isochoic", "isoechogenic", "iso", "isoechic", "isoecoic")),
            ),
            applies_when=AppliesWhen("homogeneity", "heterogeneous", _("Not asked: the node is homogeneous")),
            headers=("prominentechogenictyforheterogeneousnodes", "prominentechogenicityforheterogeneousnodes", "prominentechogenicity",
                     "prominentechogenicty", "prominentechogenicityforheterogenousnodes", "prominentechogenictyforheterogenousnodes",
                     "predominantechogenicity"),
        ),
        Feature(
            "fatty_hilum_loss", "structure", _("Loss of fatty hilum"), _("Is the fatty hilum lost or thinned?"), "binary",
            _("Absent: an echogenic hilum is seen as expected. Present: it is lost or thinned."),
            ABSENT_PRESENT, present="present", suspicious=("present",),
            headers=("fattyhilumloss", "lossoffattyhilum", "fattyhilum", "hilumloss", "lossofhilum", "fattyhilumlossthinning", "lossfattyhilum",
                     "lossoffattyhilumthinning", "fattyhiliumloss", "fattyhilumlost"),
        ),
        Feature(
            "centrality", "structure", _("Cortical thickening"), _("How is the cortex thickened?"), "nominal",
            _("Concentric: evenly all round. Eccentric: on one side of the hilum."),
            (
                Value("none", _("None"), "1", ("none", "no", "absent", "nothickening")),
                Value("concentric", _("Concentric"), "2", ("concentric", "concenteric", "central", "concentrical")),
                Value("eccentric", _("Eccentric"), "3", ("eccentric", "excentric", "eccenteric", "ecentric", "eccentrical")),
            ),
            present="eccentric", suspicious=("eccentric",),
            headers=("centrality", "corticalthickening", "corticalthickness", "centralty", "concentriceccentric"),
        ),
        Feature(
            "microcalcifications", "structure", _("Microcalcifications"), _("Are there microcalcifications?"), "binary",
            _("Small bright spots in the parenchyma, as a rule without a shadow."),
            ABSENT_PRESENT, present="present", suspicious=("present",),
            headers=("microcalcifications", "microcalcification", "calcification", "calcifications", "microcalcificaton"),
        ),
        Feature(
            "necrosis", "structure", _("Necrosis"), _("Is there necrosis, and of which kind?"), "nominal",
            _("Coagulative: heterogeneous hypoechoic areas. Cystic: well-defined anechoic areas."),
            (
                Value("none", _("None"), "1", ("none", "no", "absent", "nonecrosis", "negative")),
                Value("coagulative", _("Coagulative"), "2", ("coagulative", "coagulation", "coagulativenecrosis", "coagulatve")),
                Value("cystic", _("Cystic"), "3", ("cystic", "cysticnecrosis", "cyst")),
            ),
            suspicious=("coagulative", "cystic"),
            headers=("necrosis", "nercosis", "intranodalnecrosis", "necrosistype"),
        ),
        Feature(
            "margin_regularity", "border_content", _("Margin regularity"), _("Is the border regular?"), "binary",
            _("Regular: a smooth course. Irregular: lobulated, angular or spiculated."),
            (
                Value("regular", _("Regular"), "1", ("regular", "smooth", "reguler")),
                Value("irregular", _("Irregular"), "2", ("irregular", "irreguler", "iregular", "notregular")),
            ),
            present="irregular", suspicious=("irregular",),
            headers=("margin1", "marginregularity", "regularity", "margin1regularirregular", "marginregular"),
        ),
        Feature(
            "margin_definition", "border_content", _("Margin definition"), _("Can the border be followed?"), "binary",
            _("Well defined: the border can be followed without a gap. Ill defined: it fades in places."),
            (
                Value("well_defined", _("Well defined"), "1", ("welldefined", "well", "defined", "sharp", "weldefined", "welldefine")),
                Value("ill_defined", _("Ill defined"), "2", ("illdefined", "ill", "blurred", "undefined", "illdefine", "poorlydefined")),
            ),
            present="ill_defined", suspicious=("ill_defined",),
            headers=("margin2", "margindefinition", "margin2welldefinedilldefined", "margindefined", "definition"),
        ),
        Feature(
            "internal_component", "border_content", _("Internal component"), _("What is inside?"), "binary",
            _("Solid throughout, or mixed: solid with cystic parts."),
            (
                Value("solid", _("Solid"), "1", ("solid", "soild")),
                Value("mixed", _("Mixed"), "2", ("mixed", "mix", "solidcystic", "mixedsolidcystic", "cysticsolid")),
            ),
            present="mixed", suspicious=("mixed",),
            headers=("internalcomponent", "internalcomponents", "internalcontent", "component", "internalcomposition"),
        ),
        Feature(
            "intranodal_cystic_lesion", "border_content", _("Intranodal cystic lesion"), _("Is there a cystic lesion inside?"), "binary",
            _("An anechoic, fluid-filled cavity within the node."),
            ABSENT_PRESENT, present="present", suspicious=("present",),
            headers=("intranodalcysticlesion", "intranodalcysticlesions", "cysticlesion", "intranodalcyst", "intranodalcysts",
                     "intranodalcysticlession"),
        ),
    ),
)  # fmt: skip

_SCHEMAS: dict[str, FormSchema] = {LYMPHUS.version: LYMPHUS}


def register(schema: FormSchema) -> None:
    """Make another database's features known. Raises KeyError if that version is taken."""
    if schema.version in _SCHEMAS:
        raise KeyError(schema.version)
    _SCHEMAS[schema.version] = schema


def form_schema(version: str) -> FormSchema:
    """The schema of that version. Raises KeyError."""
    return _SCHEMAS[version]


def as_json(schema: FormSchema) -> Mapping[str, Any]:
    """The schema for the browser and the API: plain text in the active language, no synonyms."""
    return {
        "code": schema.code,
        "version": schema.version,
        "title": str(schema.title),
        "groups": [{"code": g.code, "label": str(g.label)} for g in schema.groups],
        "features": [_feature_json(f) for f in schema.features],
    }


def _feature_json(f: Feature) -> dict[str, Any]:
    when = f.applies_when
    return {
        "code": f.code,
        "group": f.group,
        "label": str(f.label),
        "question": str(f.question),
        "kind": f.kind,
        "unit": f.unit,
        "values": [{"code": v.code, "label": str(v.label), "key": v.key} for v in f.values],
        "definition": str(f.definition),
        "source": f.source,
        "derived": f.derived,
        "applies_when": when and {"feature": when.feature, "value": when.value, "reason": str(when.reason)},
        "plausible": list(f.plausible) if f.plausible else None,
        "allow_cannot_assess": not f.derived,
    }
