package program;

import com.pulumi.Pulumi;
import com.pulumi.cloudassistant.Rollout;
import com.pulumi.cloudassistant.RolloutArgs;
import com.pulumi.core.Either;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var agent = new Rollout("agent", RolloutArgs.builder()
                .commandId("c-install")
                .resourceTags(Map.of("role", "web"))
                .parameters(Map.of("version", "2.4.0"))
                .waves(Either.ofLeft(1), Either.ofRight("10%"), Either.ofRight("100%"))
                .maxFailures("1%")
                .build());
            ctx.export("status", agent.status());
            ctx.export("failed", agent.failures());
        });
    }
}
