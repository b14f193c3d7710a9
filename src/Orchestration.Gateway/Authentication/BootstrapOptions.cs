using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Authentication;

/// <summary>Generated secrets of a fresh installation. There is no default credential: what is empty does not exist.</summary>
internal sealed class BootstrapOptions
{
    public const string SectionName = "Bootstrap";

    /// <summary>Client key of the tenant "development"; <c>migrate</c> stores its public id and hash.</summary>
    [MaxLength(256)]
    public string DevelopmentKey { get; set; } = "";

    /// <summary>Operator key of the admin API; <c>migrate</c> stores its public id and hash.</summary>
    [MaxLength(256)]
    public string AdminKey { get; set; } = "";

    /// <summary>Token of the printed sign-in link.</summary>
    [MaxLength(256)]
    public string SignInToken { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>;
