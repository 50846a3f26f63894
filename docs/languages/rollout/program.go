package main

import (
	"example.com/pulumi-cloudassistant/sdk/go/cloudassistant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		agent, err := cloudassistant.NewRollout(ctx, "agent", &cloudassistant.RolloutArgs{
			CommandId:    pulumi.String("c-install"),
			ResourceTags: pulumi.StringMap{"role": pulumi.String("web")},
			Parameters:   pulumi.StringMap{"version": pulumi.String("2.4.0")},
			Waves:        pulumi.Array{pulumi.Int(1), pulumi.String("10%"), pulumi.String("100%")},
			MaxFailures:  pulumi.String("1%"),
		})
		if err != nil {
			return err
		}
		ctx.Export("status", agent.Status)
		ctx.Export("failed", agent.Failures)
		return nil
	})
}
