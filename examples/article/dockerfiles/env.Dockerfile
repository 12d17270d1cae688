# The second ENV changes what the container sees; the history keeps both.
FROM shell:1
ENV API_TOKEN=supersecretenv
RUN echo "${API_TOKEN}" > /dev/null
ENV API_TOKEN=
