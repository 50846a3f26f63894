package main

import (
	"example.com/pulumi-cloudassistant/sdk/go/cloudassistant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		machines := pulumi.StringArray{pulumi.String("i-web1"), pulumi.String("i-web2")}
		hello, err := cloudassistant.NewInvocation(ctx, "hello", &cloudassistant.InvocationArgs{
			CommandId:   pulumi.String("c-hello"),
			InstanceIds: machines,
		})
		if err != nil {
			return err
		}
		nightly, err := cloudassistant.NewInvocation(ctx, "nightly", &cloudassistant.InvocationArgs{
			CommandId:   pulumi.String("c-hello"),
			InstanceIds: machines,
			Frequency:   pulumi.String("0 0 2 * * ? Asia/Shanghai"),
		})
		if err != nil {
			return err
		}
		ctx.Export("printed", hello.Results.MapIndex(pulumi.String("i-web1")).Output())
		ctx.Export("status", nightly.Status)
		return nil
	})
}
