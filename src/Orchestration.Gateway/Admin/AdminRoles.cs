namespace Orchestration.Gateway.Admin;

/// <summary>Sets of operators' roles.</summary>
[Flags]
internal enum AdminRoles
{
    None = 0,
    Owner = 1,
    Operator = 2,
    TeamAdmin = 4,
    Finance = 8,
    Viewer = 16,

    /// <summary>Who keeps the installation running.</summary>
    Operators = Owner | Operator,

    /// <summary>Who keeps its books.</summary>
    Bookkeepers = Owner | Operator | Finance,

    /// <summary>Who keeps a tenant's projects and keys.</summary>
    Keepers = Owner | Operator | TeamAdmin,

    /// <summary>Who sees the whole installation.</summary>
    Readers = Owner | Operator | Finance | Viewer,

    Everybody = Readers | TeamAdmin,
}
