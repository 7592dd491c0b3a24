# The deployed form: one image for web, worker, beat and the migration; the command decides which it is.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
RUN useradd --uid 10001 --create-home --home-dir /srv/lymphus lymphus \
    && mkdir -p /var/lib/lymphus/media /var/lib/lymphus/work /var/lib/lymphus/static /var/lib/lymphus/beat \
    && chown -R lymphus:lymphus /var/lib/lymphus
WORKDIR /srv/lymphus/app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY --chown=lymphus:lymphus . ./
USER lymphus
ENV LYMPHUS_DEPLOYMENT=1 \
    LYMPHUS_VAR=/var/lib/lymphus \
    MEDIA_ROOT=/var/lib/lymphus/media \
    LYMPHUS_WORK=/var/lib/lymphus/work \
    STATIC_ROOT=/var/lib/lymphus/static
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "lymphus_web.wsgi:application", "--bind", "0.0.0.0:8000"]
