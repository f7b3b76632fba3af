"""Two records of one enterprise become one."""
