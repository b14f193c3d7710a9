using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>Every endpoint that clients can reach, with every credential in every place.</summary>
public sealed class PolicyTests(PolicyAccounts accounts) : IClassFixture<PolicyAccounts>
{
    private const int AtOnce = 8;

    public static TheoryData<string> Rows => [.. PolicyRow.All.Select(row => row.ToString())];

    [Fact]
    public void Every_endpoint_that_clients_can_reach_stands_in_the_table_and_nothing_else_does()
    {
        var mapped = accounts.Gateway.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ListenerRequirement>() is not { } required || required.Allows("http") || required.Allows("grpc"))
            .SelectMany(NamesOf);

        mapped.ShouldBe(PolicyRow.All.Select(row => row.ToString()), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Endpoint_rules_as_the_table_says(string row)
    {
        using var call = new PolicyCall(accounts);
        var cases = Enum.GetValues<Credential>().SelectMany(_ => Enum.GetValues<Place>(), (credential, place) => (credential, place));
        var differences = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (shown, _) =>
        {
            foreach (var difference in await call.DifferencesAsync(PolicyRow.Find(row), shown.credential, shown.place))
                differences.Add(difference);
        });

        differences.ShouldBeEmpty();
    }

    private static IEnumerable<string> NamesOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { } grpc)
            return [$"{PolicyRow.Grpc} {grpc.Method.FullName}"];
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];
        return methods.Select(method => $"{method} {endpoint.RoutePattern.RawText}");
    }
}
