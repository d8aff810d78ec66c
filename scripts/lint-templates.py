"""Runs cfn-lint over CloudFormation templates, each for the region that it is deployed in.

Arguments: a cloud assembly's folder. One process for all templates: cfn-lint takes longer to load than to look at one.
Prints each finding on a line and ends with 1 where there is one, with 2 where there is no template.
"""

import json
import pathlib
import sys

from cfnlint.api import lint, lint_file
from cfnlint.config import ManualArgs

# A finding of these rules says nothing about us; each has its reason.
IGNORED = {
    "W3005": "The CDK writes DependsOn beside every reference to a role, and cannot be told not to.",
}

# What has to be found, or the linter looks at nothing.
PLANTED = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 901, "Nmae": "x"}}}}'


def stacks(folder: pathlib.Path):
    """Every template of the assembly with its region."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for artifact in manifest["artifacts"].values():
        if artifact["type"] == "aws:cloudformation:stack":
            region = artifact["environment"].rsplit("/", 1)[1]
            yield folder / artifact["properties"]["templateFile"], region


def main(folder: pathlib.Path) -> int:
    if not (folder / "manifest.json").is_file():
        print(f"{folder}: no cloud assembly; make one with npx cdk synth -q -o {folder}")
        return 2
    if not lint(PLANTED, config=ManualArgs(regions=["us-east-1"])):
        print("cfn-lint does not find a planted defect")
        return 2
    checked = 0
    findings = []
    for template, region in stacks(folder):
        checked += 1
        config = ManualArgs(regions=[region], ignore_checks=list(IGNORED))
        findings += [
            f"{template.name}:{match.linenumber} {match.rule.id} {match.message}"
            for match in lint_file(template, config)
        ]
    if checked == 0:
        print(f"{folder}: no template")
        return 2
    print("\n".join([*findings, f"{checked} templates, {len(findings)} findings"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
