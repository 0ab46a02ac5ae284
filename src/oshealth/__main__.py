"""`python -m oshealth`."""

from oshealth.cli import main

if __name__ == "__main__":
    main()
