using System.Collections;
using System.Text.Json;
using Orchestration.AppHost.Local.Running;

namespace Orchestration.AppHost.Tests;

/// <summary>What a started project sees, compared with what it would see under Aspire.</summary>
public sealed class EnvironmentTests
{
    private static readonly string[] Inherited = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPIRE_LOGLEVEL", "DEBUG_SESSION_PORT", "DCP_SESSION"];

    [Fact]
    public async Task A_process_gets_exactly_the_variables_of_the_contract()
    {
        using var system = new ProbeSystem("--Orchestration:Telemetry=collector", "--AppHost:OtlpApiKey=otlp-key", "--Parameters:plain-value=from-parameter", "--ConnectionStrings:external=Server=there");
        var collector = system.AddProbe("collector");
        var parameter = system.Builder.AddParameter("plain-value");
        var external = system.Builder.AddConnectionString("external");
        system.AddProbe("order-service").WithReference(collector).WithReference(external)
            .WithEnvironment("Some__Value", "text").WithEnvironment("Some__Parameter", parameter).WithEnvironment("Some__Endpoint", collector.GetEndpoint("grpc"));

        await system.StartAsync();
        var variables = OwnVariables(system.Seen("order-service").Single());
        await system.StopAsync();

        var (http, grpc) = (collector.GetEndpoint("http").Url, collector.GetEndpoint("grpc").Url);
        var own = system.Builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "order-service");
        variables.Remove("OTEL_RESOURCE_ATTRIBUTES").ShouldBeTrue();
        variables.ShouldBe(new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = own.Endpoints[1].Url(),
            ["Kestrel__Endpoints__grpc__Url"] = own.Endpoints[0].Url(),
            ["services__collector__http__0"] = http,
            ["services__collector__grpc__0"] = grpc,
            ["COLLECTOR_HTTP"] = http,
            ["COLLECTOR_GRPC"] = grpc,
            ["ConnectionStrings__external"] = "Server=there",
            ["Some__Value"] = "text",
            ["Some__Parameter"] = "from-parameter",
            ["Some__Endpoint"] = grpc,
            ["Probe__Folder"] = system.Folder,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = grpc,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=otlp-key",
            ["OTEL_SERVICE_NAME"] = "order-service",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
            ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task It_runs_in_its_project_folder_with_its_arguments_and_an_instance_id_per_replica()
    {
        using var system = new ProbeSystem();
        var twins = system.AddProbe("twins").WithReplicas(2);
        system.AddProbe("caller").WithReference(twins);
        system.AddRun("migrations", exitCode: 0);

        system.AddProbe("last").WaitForCompletion(system.AddRun("done", exitCode: 0));
        var failing = system.RunAsync();
        while (system.Seen("twins").Count < 2 || system.Seen("caller").Count < 1 || system.Seen("migrations").Count < 1)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await system.StopAsync();

        var replicas = system.Seen("twins");
        var run = system.Seen("migrations").Single();
        run.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()).ShouldBe(["complete", "0"]);
        run.GetProperty("directory").GetString().ShouldEndWith("/tests/Orchestration.AppHost.Probe");
        run.GetProperty("variables").TryGetProperty("Kestrel__Endpoints__http__Url", out _).ShouldBeFalse();
        replicas.Select(seen => Variable(seen, "OTEL_RESOURCE_ATTRIBUTES")).Distinct().Count().ShouldBe(2);
        var addresses = replicas.Select(seen => Variable(seen, "Kestrel__Endpoints__http__Url")).Order();
        var caller = system.Seen("caller").Single();
        new[] { Variable(caller, "services__twins__http__0"), Variable(caller, "services__twins__http__1") }.Order().ShouldBe(addresses);
    }

    [Fact]
    public async Task The_hosts_environment_is_inherited_but_for_what_is_the_hosts_own()
    {
        using var system = new ProbeSystem();
        system.AddProbe("probe");
        foreach (var name in Inherited.Append("DEEPSEEK_API_KEY"))
            Environment.SetEnvironmentVariable(name, "from-outside");
        try
        {
            await system.StartAsync();
        }
        finally
        {
            foreach (var name in Inherited.Append("DEEPSEEK_API_KEY"))
                Environment.SetEnvironmentVariable(name, null);
        }

        var variables = system.Seen("probe").Single().GetProperty("variables");
        Inherited.Where(name => variables.TryGetProperty(name, out _)).ShouldBeEmpty();
        variables.GetProperty("DEEPSEEK_API_KEY").GetString().ShouldBe("from-outside");
    }

    [Fact]
    public void Stores_are_handed_out_as_connection_string_and_in_parts()
    {
        using var system = new ProbeSystem("--Parameters:pg-password=pw1", "--Parameters:redis-password=pw2", "--Parameters:mq-user=me", "--Parameters:mq-password=pw3");
        var postgres = system.Builder.AddPostgres("pg", password: system.Builder.AddParameter("pg-password", secret: true));
        var redis = system.Builder.AddRedis("redis");
        var messaging = system.Builder.AddRabbitMQ("messaging", system.Builder.AddParameter("mq-user"), system.Builder.AddParameter("mq-password", secret: true));
        var probe = system.AddProbe("probe").WithReference(postgres).WithReference(postgres.AddDatabase("orders-db", "orders")).WithReference(redis, "cache").WithReference(messaging)
            .WithEnvironment("Database__Endpoint", postgres.GetEndpoint("tcp"));
        PortPlan.Allocate(system.Builder.Resources, randomPorts: true);

        var variables = ProjectEnvironment.Of(probe.Resource, 0, system.Settings, collector: null);

        var (pg, rd, mq) = (postgres.Resource.PortText, redis.Resource.PortText, messaging.Resource.PortText);
        variables["ConnectionStrings__pg"].ShouldBe($"Host=localhost;Port={pg};Username=postgres;Password=pw1");
        variables["ConnectionStrings__orders-db"].ShouldBe($"Host=localhost;Port={pg};Username=postgres;Password=pw1;Database=orders");
        variables["ConnectionStrings__cache"].ShouldBe($"localhost:{rd},password=pw2");
        variables["ConnectionStrings__messaging"].ShouldBe($"amqp://me:pw3@localhost:{mq}");
        variables["Database__Endpoint"].ShouldBe($"tcp://localhost:{pg}");
        variables["PG_URI"].ShouldBe($"postgresql://postgres:pw1@localhost:{pg}");
        variables["ORDERS_DB_URI"].ShouldBe($"postgresql://postgres:pw1@localhost:{pg}/orders");
        variables["ORDERS_DB_DATABASENAME"].ShouldBe("orders");
        variables["CACHE_URI"].ShouldBe($"redis://:pw2@localhost:{rd}");
        variables["MESSAGING_HOST"].ShouldBe("localhost");
        variables["MESSAGING_PORT"].ShouldBe(mq);
        variables["MESSAGING_USERNAME"].ShouldBe("me");
        variables["MESSAGING_PASSWORD"].ShouldBe("pw3");
        variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT").ShouldBeFalse();
    }

    [Fact]
    public void Outside_development_telemetry_is_not_hurried()
    {
        using var system = new ProbeSystem("--environment=Staging");
        var probe = system.AddProbe("probe");
        PortPlan.Allocate(system.Builder.Resources, randomPorts: true);

        var variables = ProjectEnvironment.Of(probe.Resource, 0, system.Settings with { EnvironmentName = "Staging" }, collector: null);

        variables.ContainsKey("OTEL_BSP_SCHEDULE_DELAY").ShouldBeFalse();
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"].ShouldBe("in_memory");
    }

    // What the host added: inherited variables are those that this process has with the same value.
    private static Dictionary<string, string> OwnVariables(JsonElement seen)
    {
        var mine = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        return seen.GetProperty("variables").EnumerateObject()
            .Where(variable => !mine.TryGetValue(variable.Name, out var value) || value != variable.Value.GetString())
            // Set by 'dotnet run', too; and the shell's own.
            .Where(variable => variable.Name is not ("DOTNET_ROOT" or "PWD" or "OLDPWD" or "_" or "SHLVL"))
            .ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);
    }

    private static string Variable(JsonElement seen, string name) => seen.GetProperty("variables").GetProperty(name).GetString()!;
}
