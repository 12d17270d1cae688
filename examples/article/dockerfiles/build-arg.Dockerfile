# Experiment 2: recorded with --build-arg SECRET=supersecretstring; the history keeps the value.
FROM shell:1
ARG SECRET
RUN echo "${SECRET}" > /dev/null
