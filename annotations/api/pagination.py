from rest_framework.pagination import PageNumberPagination


class Pagination(PageNumberPagination):
    """Pages of 50, up to 500 by `page_size`; every list has a unique last sort key, so no row is lost between pages."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
