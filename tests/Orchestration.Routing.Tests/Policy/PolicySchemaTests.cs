using System.Text.Json;
using Orchestration.Routing.Policy;
using Orchestration.Testing;

namespace Orchestration.Routing.Tests.Policy;

public sealed class PolicySchemaTests
{
    [Fact]
    public void The_published_schemas_are_those_of_the_reader()
    {
        // After a change of the reader: dotnet Orchestration.Routing.dll validate --schema > docs/policy.schema.json
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "policy.schema.json")).ShouldBe(PolicySchema.Installation);
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "policy-overlay.schema.json")).ShouldBe(PolicySchema.Overlay);
    }

    [Fact]
    public void The_schema_knows_members_of_every_depth_and_forbids_others()
    {
        using var schema = JsonDocument.Parse(PolicySchema.Installation);
        var root = schema.RootElement;
        root.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["label"]);
        root.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();

        var route = root.GetProperty("properties").GetProperty("routes").GetProperty("additionalProperties");
        route.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        var attempts = route.GetProperty("properties").GetProperty("execution").GetProperty("properties").GetProperty("max_attempts");
        (attempts.GetProperty("minimum").GetInt32(), attempts.GetProperty("maximum").GetInt32()).ShouldBe((1, 10));
        var endpoint = root.GetProperty("properties").GetProperty("endpoints").GetProperty("items");
        endpoint.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["base_url", "provider", "region"]);
        root.GetProperty("properties").GetProperty("aliases").GetProperty("additionalProperties").GetProperty("anyOf").GetArrayLength().ShouldBe(2);
    }
}
