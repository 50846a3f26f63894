import pulumi
import pulumi_cloudassistant as cloudassistant

hello = cloudassistant.Invocation(
    "hello",
    command_id="c-hello",
    instance_ids=["i-web1", "i-web2"],
)
nightly = cloudassistant.Invocation(
    "nightly",
    command_id="c-hello",
    instance_ids=["i-web1", "i-web2"],
    frequency="0 0 2 * * ? Asia/Shanghai",
)
pulumi.export("printed", hello.results["i-web1"].output)
pulumi.export("status", nightly.status)
