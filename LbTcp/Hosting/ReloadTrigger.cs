namespace LbTcp.Hosting;

/// <summary>Why the configuration is read again.</summary>
internal enum ReloadTrigger
{
    /// <summary>The process has started: the files may have changed since they were read.</summary>
    Start,

    /// <summary>A file has changed.</summary>
    File,

    /// <summary>The operator sent SIGHUP.</summary>
    Signal,

    /// <summary>The operator requested it through the admin endpoint.</summary>
    Admin,
}
