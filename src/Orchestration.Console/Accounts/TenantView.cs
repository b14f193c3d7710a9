using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Accounts;

/// <summary>A tenant with what belongs to it, read together.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Projects">Its projects.</param>
/// <param name="Keys">Its keys, those that open first.</param>
/// <param name="Budgets">Its budgets.</param>
public sealed record TenantView(Tenant Tenant, IReadOnlyList<Project> Projects, IReadOnlyList<ClientKey> Keys, IReadOnlyList<Budget> Budgets);
