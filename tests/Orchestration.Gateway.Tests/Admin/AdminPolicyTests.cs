using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Audit;
using Orchestration.Gateway.Tests.Hosting;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Orchestration.Gateway.Tests.Admin;

/// <summary>The table of who may call what.</summary>
public sealed class AdminPolicyTests(GatewayFixture fixture)
{
    private static readonly List<MethodDescriptor> Methods =
    [
        .. typeof(SystemService).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SystemService).Namespace)
            .Select(type => type.GetProperty("Descriptor", typeof(ServiceDescriptor))?.GetValue(null))
            .OfType<ServiceDescriptor>()
            .Where(service => service.FullName != SessionService.Descriptor.FullName)
            .SelectMany(service => service.Methods),
    ];

    [Fact]
    public void Every_admin_method_stands_in_the_table_and_nothing_else_does()
    {
        Methods.Count.ShouldBeGreaterThan(80);
        AdminPolicy.All.Keys.ShouldBe(Methods.Select(NameOf), ignoreOrder: true);
    }

    [Fact]
    public void Every_admin_method_is_served()
    {
        var served = fixture.Gateway.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName.TrimStart('/'))
            .OfType<string>()
            .ToHashSet();

        Methods.Select(NameOf).Where(method => !served.Contains(method)).ShouldBeEmpty();
    }

    [Fact]
    public void Owner_may_call_everything_and_every_role_may_ask_who_it_is()
    {
        AdminPolicy.All.Where(rule => !rule.Value.Allows(OperatorRoles.Owner)).ShouldBeEmpty();
        foreach (var role in (string[])[OperatorRoles.Operator, OperatorRoles.TeamAdmin, OperatorRoles.Finance, OperatorRoles.Viewer])
            AdminPolicy.Find("orchestration.admin.v1.OperatorAdminService/WhoAmI")!.Allows(role).ShouldBeTrue(role);
        AdminPolicy.All.Where(rule => rule.Value.Allows("")).ShouldBeEmpty();
    }

    [Fact]
    public void Viewer_changes_nothing() =>
        AdminPolicy.All.Where(rule => rule.Value.Effect != AdminEffect.Reads && rule.Value.Allows(OperatorRoles.Viewer)).ShouldBeEmpty();

    [Fact]
    public void Team_admin_calls_only_what_names_its_tenant() => Methods
        .Where(method => AdminPolicy.Find(NameOf(method))!.Allows(OperatorRoles.TeamAdmin) && method.Name != "WhoAmI")
        .Where(method => TenantFence.FieldOf(method.InputType) is null)
        .Select(NameOf)
        .ShouldBeEmpty();

    [Fact]
    public void What_gets_or_lists_is_read_and_what_does_not_is_a_change()
    {
        string[] reading = ["Get", "List", "Export", "WhoAmI", "Explain", "VerifyAudit", "CheckCredentials", "ValidatePolicy", "DiffPolicies", "DryRunPolicy"];
        foreach (var method in Methods)
            (AdminPolicy.Find(NameOf(method))!.Effect == AdminEffect.Reads).ShouldBe(reading.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal)), method.FullName);
    }

    [Fact]
    public void Fields_that_hold_secrets_are_hidden_from_the_audit_log()
    {
        string[] suspicious = ["secret", "password", "token", "url"];
        var fields = Methods.Where(method => AdminPolicy.Find(NameOf(method))!.Effect == AdminEffect.Forwards)
            .SelectMany(method => method.InputType.Fields.InDeclarationOrder())
            .Where(field => field.FieldType == FieldType.String && suspicious.Any(word => field.Name.Contains(word, StringComparison.Ordinal)))
            .Select(field => field.Name)
            .Distinct();

        fields.Where(field => !AuditText.HiddenFields.Contains(field)).ShouldBeEmpty();
    }

    private static string NameOf(MethodDescriptor method) => $"{method.Service.FullName}/{method.Name}";
}
