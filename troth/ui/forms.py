"""The renderer behind every form: label, control, hint and error in one shape."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Renders forms with the templates in `ui/forms/`."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
