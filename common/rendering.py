"""Forms drawn with the design's own markup: ``{{ form }}`` and ``{{ field.as_field_group }}``."""

from django.forms.renderers import TemplatesSetting


class DesignRenderer(TemplatesSetting):
    """Widgets stay Django's (and can be overridden in the project's templates); form and field are ours."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
