import pulumi
import pulumi_cloudassistant as cloudassistant

agent = cloudassistant.Rollout(
    "agent",
    command_id="c-install",
    resource_tags={"role": "web"},
    parameters={"version": "2.4.0"},
    waves=[1, "10%", "100%"],
    max_failures="1%",
)
pulumi.export("status", agent.status)
pulumi.export("failed", agent.failures)
