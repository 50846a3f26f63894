package program;

import com.pulumi.Pulumi;
import com.pulumi.cloudassistant.Invocation;
import com.pulumi.cloudassistant.InvocationArgs;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var hello = new Invocation("hello", InvocationArgs.builder()
                .commandId("c-hello")
                .instanceIds("i-web1", "i-web2")
                .build());
            var nightly = new Invocation("nightly", InvocationArgs.builder()
                .commandId("c-hello")
                .instanceIds("i-web1", "i-web2")
                .frequency("0 0 2 * * ? Asia/Shanghai")
                .build());
            ctx.export("printed", hello.results().applyValue(results -> results.get("i-web1").output()));
            ctx.export("status", nightly.status());
        });
    }
}
