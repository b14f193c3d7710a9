using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>The admin API of a tenant's own administrator: what is another tenant's does not exist.</summary>
public sealed partial class ForeignAdminIdTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private static readonly Dictionary<string, (MethodDescriptor Method, HttpRule Rule)> Methods = Described().ToDictionary(method => method.Method.FullName);

    /// <summary>Every method that an id or a tenant is given to.</summary>
    public static TheoryData<string> WithIds =>
        [.. Methods.Values.Where(method => PathOf(method.Rule).Contains('{', StringComparison.Ordinal) || TenantFence.FieldOf(method.Method.InputType) is not null).Select(method => method.Method.FullName)];

    /// <summary>Every method that an id is given to beside the tenant that it belongs to.</summary>
    public static TheoryData<string> BelowTenants =>
        [.. Methods.Values.Where(method => PathOf(method.Rule) is var path && path.Contains("{tenant_id}", StringComparison.Ordinal) && Parameter().Count(path) > 1).Select(method => method.Method.FullName)];

    [Theory]
    [MemberData(nameof(WithIds))]
    public async Task Ids_of_another_tenant_are_unknown_ones(string name)
    {
        var method = Methods[name];

        var told = await ToldAsync(tenants.TeamAdmin, method, tenants.Foreign);

        var isAllowed = AdminPolicy.Find($"{method.Method.Service.FullName}/{method.Method.Name}")!.Allows(OperatorRoles.TeamAdmin);
        told.Status.ShouldBe(isAllowed ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        told.ShouldBe(await ToldAsync(tenants.TeamAdmin, method, TenantIds.Unknown()));
    }

    [Theory]
    [MemberData(nameof(BelowTenants))]
    public async Task Id_of_another_tenant_below_the_own_one_is_unknown_even_to_the_owner(string name)
    {
        var method = Methods[name];
        foreach (var client in (HttpClient[])[tenants.TeamAdmin, tenants.Owner])
        {
            var told = await ToldAsync(client, method, tenants.Foreign with { Tenant = tenants.Own });

            told.Status.ShouldBe(HttpStatusCode.NotFound);
            told.ShouldBe(await ToldAsync(client, method, TenantIds.Unknown() with { Tenant = tenants.Own }));
        }

        (await tenants.ForeignKeyOpensAsync()).ShouldBeTrue();
    }

    private static IEnumerable<(MethodDescriptor Method, HttpRule Rule)> Described() =>
        typeof(SystemService).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SystemService).Namespace)
            .Select(type => type.GetProperty("Descriptor", typeof(ServiceDescriptor))?.GetValue(null))
            .OfType<ServiceDescriptor>()
            .Where(service => service.FullName != SessionService.Descriptor.FullName)
            .SelectMany(service => service.Methods)
            .Select(method => (method, method.GetOptions()!.GetExtension(AnnotationsExtensions.Http)));

    private static string PathOf(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Patch => rule.Patch,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        var other => throw new InvalidOperationException($"{other}"),
    };

    private static async Task<(HttpStatusCode Status, string Body)> ToldAsync(HttpClient client, (MethodDescriptor Descriptor, HttpRule Rule) method, TenantIds ids)
    {
        var path = PathOf(method.Rule);
        var isElsewhere = TenantFence.FieldOf(method.Descriptor.InputType) is not null && !path.Contains("{tenant_id}", StringComparison.Ordinal);
        var hasBody = method.Rule.Body.Length > 0;
        var filled = Parameter().Replace(path, parameter => ids.Of(parameter.Groups[1].Value));
        using var request = new HttpRequestMessage(
            new HttpMethod(method.Rule.PatternCase.ToString().ToUpperInvariant()), isElsewhere && !hasBody ? $"{filled}?tenant_id={ids.Tenant}" : filled);
        if (hasBody)
            request.Content = JsonContent.Create(isElsewhere ? new Dictionary<string, string> { ["tenantId"] = ids.Tenant } : []);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, RequestId().Replace(await response.TextAsync(), "ID"));
    }

    [GeneratedRegex(@"\{([a-z_.]+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex RequestId();
}
