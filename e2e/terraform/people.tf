# Users and the hierarchy they are in.

resource "aws_connect_user_hierarchy_structure" "only" {
  instance_id = local.instance

  hierarchy_structure {
    level_one {
      name = var.changed ? "Place" : "Site"
    }
    level_two {
      name = "Team"
    }
    # The provider takes a level that is left out for unchanged, so that none can be removed but all.
    level_three {
      name = "Desk"
    }
  }
}

resource "aws_connect_user_hierarchy_group" "site" {
  instance_id = local.instance
  name        = var.changed ? "South" : "North"
  tags        = var.tags

  depends_on = [aws_connect_user_hierarchy_structure.only]
}

resource "aws_connect_user_hierarchy_group" "team" {
  instance_id     = local.instance
  name            = "Care"
  parent_group_id = aws_connect_user_hierarchy_group.site.hierarchy_group_id
  tags            = var.tags

  # The provider does not read the parent, so that an import cannot know it and would make the group anew.
  lifecycle {
    ignore_changes = [parent_group_id]
  }
}

resource "aws_connect_user" "ada" {
  instance_id          = local.instance
  name                 = "ada"
  password             = "Passw0rd-of-Ada"
  security_profile_ids = [aws_connect_security_profile.agents.security_profile_id]
  routing_profile_id   = aws_connect_routing_profile.calls.routing_profile_id
  hierarchy_group_id   = var.changed ? null : aws_connect_user_hierarchy_group.team.hierarchy_group_id
  tags                 = var.tags

  identity_info {
    first_name = "Ada"
    last_name  = var.changed ? "King" : "Lovelace"
    email      = "ada@example.com"
  }

  phone_config {
    phone_type                    = var.changed ? "DESK_PHONE" : "SOFT_PHONE"
    desk_phone_number             = var.changed ? "+441632960001" : null
    after_contact_work_time_limit = 30
  }

  # The service never tells a password, so that an import cannot know it.
  lifecycle {
    ignore_changes = [password]
  }
}

# A user with the fewest possible settings; afterwards with more.
resource "aws_connect_user" "grace" {
  instance_id = local.instance
  name        = "grace"
  password    = "Passw0rd-of-Grace"
  security_profile_ids = var.changed ? [
    aws_connect_security_profile.agents.security_profile_id,
    data.aws_connect_security_profile.built_in.security_profile_id,
  ] : [data.aws_connect_security_profile.built_in.security_profile_id]
  routing_profile_id = (
    var.changed
    ? aws_connect_routing_profile.calls.routing_profile_id
    : data.aws_connect_routing_profile.built_in.routing_profile_id
  )
  hierarchy_group_id = var.changed ? aws_connect_user_hierarchy_group.site.hierarchy_group_id : null

  phone_config {
    phone_type = "SOFT_PHONE"
  }

  lifecycle {
    ignore_changes = [password]
  }
}
